import type { Adapter } from '../core/backend';
import { DISTURBANCES } from '../core/disturbance';
import { HeadwayError, toPlain } from '../core/errors';
import type {
  BenchOptions,
  BenchProgress,
  BenchResult,
  BenchSummary,
  ExperimentRun,
  MeasuredRun,
  MeasuredUnit,
  Measurement,
  PlannedPoint,
  RunStatus,
} from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { checkParameter } from '../core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  type ServingConfig,
  slotsOf,
} from '../core/serving-config';
import { EventCounter } from '../metrics/counters';
import { summarize } from '../metrics/summarize';
import { contradiction } from '../traffic/contradictions';
import { type Experiment, remainingMs, type Unit, unitsLeft } from './experiment';
import { medianSummary, worstRun } from './figures';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from './parameters';

/** What a measurement needs of the workers and of the world. */
export interface MeasuringHandles {
  /** Puts the configuration in force and returns it. */
  readonly configure: (config: ServingConfig) => Promise<ServingConfig>;
  readonly measure: (
    run: MeasuredRun,
    onProgress: (done: number, total: number) => void,
  ) => Promise<Measurement>;
  /** Wall-clock time, ISO 8601. */
  readonly now: () => string;
}

const LARGEST_SEED = 2 ** 31 - 1;

/**
 * Configure, warm up, drain, measure, drain. Repeat r uses the load's seed + r − 1, so that the repeats' spread holds the
 * spread of the load as well; two points with one seed still meet the same requests, repeat by repeat.
 * @param endHopeless whether a load that the server will never keep up with is ended early
 * @throws what the handles throw
 */
async function measureUnit(
  { point, repeat }: Unit,
  handles: MeasuringHandles,
  endHopeless: boolean,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredUnit> {
  const started_at = handles.now();
  onProgress(0, point.requests ?? 0);
  const { slo, requests, durationS } = point;
  const serving = await handles.configure(point.serving);
  const warmupRequests = warmupOf(serving, point.load);
  const load = { ...point.load, seed: (point.load.seed + repeat - 1) % (LARGEST_SEED + 1) };
  const measurement = await handles.measure(
    { load, serving, slo, requests, durationS, warmupRequests, endHopeless },
    onProgress,
  );
  return {
    point: point.id,
    repeat,
    started_at,
    finished_at: handles.now(),
    summary: measurement.summary,
    records: measurement.records,
    batch_fill: measurement.batchFill,
    counters: measurement.counters,
    clipped: measurement.clipped,
    warmup_requests: warmupRequests,
    trace: measurement.trace,
    ended_early: measurement.endedEarly,
    ...(measurement.disturbed?.length ? { disturbed: measurement.disturbed } : {}),
  };
}

/** Two batches as full as the run can make them: one compiles and allocates, one shows that it did. */
function warmupOf(serving: ServingConfig, { arrival, concurrency }: LoadConfig): number {
  const batch = slotsOf(serving);
  return 2 * (arrival === 'closed' ? Math.min(batch, concurrency) : batch);
}

/** @throws HeadwayError `invalid-parameter`, naming the parameter, what was given and what is allowed */
function validateBench({ serving, load, slo, requests, durationS, repeats }: BenchOptions): void {
  const wrong = contradiction(
    changeServingConfig(DEFAULT_SERVING_CONFIG, serving),
    changeLoadConfig(DEFAULT_LOAD_CONFIG, load),
  );
  if (wrong) throw new HeadwayError('invalid-parameter', wrong);
  if ((requests === null) === (durationS === null)) {
    const given = requests === null ? 'neither' : `both, ${requests} and ${durationS}`;
    throw new HeadwayError(
      'invalid-parameter',
      `requests (--requests) or durationS (--duration-s) must be given, exactly one of the two; given: ${given}.`,
    );
  }
  if (requests !== null) checkParameter(EXTENT_PARAMETERS.requests, requests);
  if (durationS !== null) checkParameter(EXTENT_PARAMETERS.durationS, durationS);
  checkParameter(EXTENT_PARAMETERS.repeats, repeats);
  if (slo.p95Ms !== null) checkParameter(SLO_NUMBERS.p95Ms, slo.p95Ms);
  if (slo.ttftMs !== null) checkParameter(SLO_NUMBERS.ttftMs, slo.ttftMs);
}

/** What a bench needs of the workers and of the page. */
export interface BenchHandles extends MeasuringHandles {
  readonly served: {
    readonly adapter: Adapter;
    readonly model: { readonly name: string; readonly sha256: string };
  };
  readonly revision: string;
}

/**
 * Measures one configuration: one point, all of its repeats in their order, each to its end however overloaded.
 * @throws HeadwayError `invalid-parameter`, or what the handles throw
 */
export async function runBench(
  options: BenchOptions,
  handles: BenchHandles,
  onProgress: (progress: BenchProgress) => void = () => {},
): Promise<BenchResult> {
  validateBench(options);
  const point = pointOf(options);
  const { load, serving } = point;
  const units: MeasuredUnit[] = [];
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    const progress = (done: number, total: number) => onProgress({ done, total, repeat });
    units.push(await measureUnit({ point, repeat }, handles, false, progress));
  }
  const { adapter, model } = handles.served;
  const summary: BenchSummary = {
    config: { ...serving, ...load },
    seed: load.seed,
    repeats: units.length,
    ...medianSummary(units.map((unit) => unit.summary)),
    p95_ms_by_repeat: units.map((unit) => unit.summary.latency_ms?.p95 ?? null),
    counters: worstRun(units).counters,
    adapter: { kind: adapter.kind, name: adapter.name, software: adapter.software },
    model: { name: model.name, sha256: model.sha256 },
    revision: handles.revision,
    started_at: units[0]?.started_at ?? handles.now(),
    finished_at: units.at(-1)?.finished_at ?? handles.now(),
  };
  return {
    summary,
    records: units.map((unit) => unit.records),
    options,
    warmupRequests: units[0]?.warmup_requests ?? 0,
    clipped: units.reduce((sum, unit) => sum + unit.clipped, 0),
    trace: units[0]?.trace ?? null,
    endedEarly: units.find(({ ended_early }) => ended_early !== null)?.ended_early ?? null,
    disturbed: DISTURBANCES.filter((one) => units.some(({ disturbed }) => disturbed?.includes(one))),
  };
}

function pointOf({ serving, load, slo, requests, durationS }: BenchOptions): PlannedPoint {
  return {
    id: 'bench',
    label: 'bench',
    serving: changeServingConfig(DEFAULT_SERVING_CONFIG, serving),
    load: changeLoadConfig(DEFAULT_LOAD_CONFIG, load),
    slo,
    requests,
    durationS,
    baseline: false,
  };
}

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
