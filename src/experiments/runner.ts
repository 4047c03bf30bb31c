import { HeadwayError, toPlain } from '../core/errors';
import type { ExperimentRun, MeasuredUnit, RunStatus } from '../core/experiment';
import { EventCounter } from '../metrics/counters';
import { summarize } from '../metrics/summarize';
import type { Experiment } from './experiment';
import { type MeasuringHandles, measureUnit } from './measure-unit';
import { remainingMs } from './remaining';
import { type Unit, unitsLeft } from './unit-order';

export interface RunnerHandles extends MeasuringHandles {
  /** Ends the `measure` under way, which then returns what had settled. */
  readonly abort: () => Promise<void>;
  /** Called with each new state of the run, and with the unit that it is new by, if it is. */
  readonly keep: (run: ExperimentRun, unit: MeasuredUnit | null) => Promise<void>;
  readonly onProgress: (progress: RunnerProgress) => void;
}

/** Of what is measured now. */
export interface RunnerProgress extends Unit {
  readonly run: ExperimentRun;
  /** Requests of this unit; `total` is an estimate when it goes by time. */
  readonly done: number;
  readonly total: number;
  readonly remainingMs: number | null;
}

/** What the server itself has come to: every further unit would fail as well. */
const FATAL: readonly string[] = ['worker-failed', 'invalid-state', 'backend-unavailable'];

/**
 * Measures the units of an experiment one after the other, from wherever its run stands. A unit that cannot be measured
 * under its setting is kept with the reason and without requests, and the rest goes on; when the server is gone, the run
 * stops with the reason and can be gone on with.
 */
export class ExperimentRunner {
  readonly #experiment: Pick<Experiment, 'next'>;
  readonly #handles: RunnerHandles;
  #run: ExperimentRun;
  #wish: 'go' | 'pause' | 'cancel' = 'go';

  constructor(experiment: Pick<Experiment, 'next'>, run: ExperimentRun, handles: RunnerHandles) {
    this.#experiment = experiment;
    this.#run = run;
    this.#handles = handles;
  }

  /** Resolves when the run has finished, is paused, was cancelled or has failed; its status says which. Call once. */
  async go(): Promise<ExperimentRun> {
    await this.#become({ kind: 'running' });
    for (;;) {
      if (this.#wish !== 'go') return this.#become({ kind: this.#wish === 'pause' ? 'paused' : 'cancelled' });
      const unit = await this.#nextUnit();
      if (!unit) return this.#become({ kind: 'finished' });
      try {
        const measured = await this.#measure(unit);
        if (this.#isCancelled()) continue;
        await this.#change({ units: [...this.#run.units, measured] }, measured);
      } catch (error) {
        if (!this.#isCancelled()) return this.#become({ kind: 'failed', reason: toPlain(error).message });
      }
    }
  }

  /** After the present unit. */
  pause(): void {
    if (this.#wish === 'go') this.#wish = 'pause';
  }

  /** At once; the present unit is dropped. */
  async cancel(): Promise<void> {
    this.#wish = 'cancel';
    await this.#handles.abort();
  }

  #isCancelled(): boolean {
    return this.#wish === 'cancel';
  }

  async #nextUnit(): Promise<Unit | undefined> {
    const [unit] = unitsLeft(this.#run);
    if (unit) return unit;
    const { points, seed } = this.#run;
    const known = new Set(points.map(({ id }) => id));
    const further = (this.#experiment.next?.(this.#run) ?? []).filter(({ id }) => !known.has(id));
    if (further.length === 0) return undefined;
    const seeded = further.map((point) => ({ ...point, load: { ...point.load, seed } }));
    await this.#change({ points: [...points, ...seeded] }, null);
    return unitsLeft(this.#run)[0];
  }

  /** @throws HeadwayError when the server is gone */
  async #measure(unit: Unit): Promise<MeasuredUnit> {
    const { now, onProgress } = this.#handles;
    const started = now();
    const progress = (done: number, total: number) => {
      const underWayMs = Date.parse(now()) - Date.parse(started);
      onProgress({ ...unit, run: this.#run, done, total, remainingMs: remainingMs(this.#run, underWayMs) });
    };
    try {
      return await measureUnit(unit, this.#cancellable(), true, progress);
    } catch (error) {
      const { code, message } = toPlain(error);
      if (FATAL.includes(code) || this.#isCancelled()) throw error;
      return unmeasured(unit, message, started, now());
    }
  }

  /** Between the configuration and the measurement there is nothing to abort, so what was cancelled then does not begin. */
  #cancellable(): MeasuringHandles {
    return {
      ...this.#handles,
      measure: (run, onProgress) => {
        if (!this.#isCancelled()) return this.#handles.measure(run, onProgress);
        throw new HeadwayError('invalid-state', 'The experiment was cancelled.');
      },
    };
  }

  #become(status: RunStatus): Promise<ExperimentRun> {
    const ended = status.kind === 'running' || status.kind === 'paused' ? null : this.#handles.now();
    return this.#change({ status, finished_at: ended }, null);
  }

  async #change(changes: Partial<ExperimentRun>, unit: MeasuredUnit | null): Promise<ExperimentRun> {
    this.#run = { ...this.#run, ...changes };
    await this.#handles.keep(this.#run, unit);
    return this.#run;
  }
}

/** What is kept of a unit that could not be measured: no request, and why. */
function unmeasured(
  { point, repeat }: Unit,
  reason: string,
  started_at: string,
  finished_at: string,
): MeasuredUnit {
  const nothing = { itl: null, batchFill: [], decodeRows: 0, usefulRows: 0, staleDropped: 0 };
  return {
    point: point.id,
    repeat,
    started_at,
    finished_at,
    summary: summarize([], { slo: point.slo, origin: 'sent', ...nothing }),
    records: [],
    batch_fill: [],
    counters: new EventCounter().counts,
    clipped: 0,
    warmup_requests: 0,
    trace: null,
    ended_early: `It could not be measured: ${reason}`,
  };
}
