import { DISTURBANCES } from '../core/disturbance';
import { HeadwayError, toPlain } from '../core/errors';
import type {
  BenchOptions,
  BenchProgress,
  BenchResult,
  ExperimentRun,
  MeasuredRun,
  MeasuredUnit,
  Measurement,
  PlannedPoint,
  RunEnvironment,
  RunStatus,
} from '../core/experiment';
import type { Slo } from '../core/figures';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { checkParameter } from '../core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  type ServingConfig,
  slotsOf,
} from '../core/serving-config';
import { EventCounter } from '../metrics/counters';
import { RunRecorder } from '../metrics/run-recorder';
import { contradiction } from '../traffic/contradictions';
import { beginRun, type Experiment, remainingMs, type Unit, unitsLeft } from './experiment';
import { complianceOf } from './figures';
import { summaryOf } from './files';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from './parameters';

/** What a measurement needs of the workers and of the clock. */
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

export interface RunnerHandles extends MeasuringHandles {
  /** Ends the `measure` under way, which then returns what had settled. */
  readonly abort: () => Promise<void>;
  /** Called with each new state of the run, and with the unit that was just measured, if there is one. */
  readonly keep: (run: ExperimentRun, unit: MeasuredUnit | null) => Promise<void>;
  readonly onProgress: (progress: RunnerProgress) => void;
}

/** The unit that is being measured. */
export interface RunnerProgress extends Unit {
  readonly run: ExperimentRun;
  /** Requests of this unit; `total` is an estimate when the unit goes by time. */
  readonly done: number;
  readonly total: number;
  readonly remainingMs: number | null;
}

/** Errors after which every further unit would fail as well: the server is gone. */
const FATAL: readonly string[] = ['worker-failed', 'invalid-state', 'backend-unavailable'];

const LARGEST_SEED = 2 ** 31 - 1;

/**
 * Measures the units of an experiment one after the other, from wherever its run stands. A unit that cannot be measured
 * under its setting is kept with the reason and without requests, and the rest goes on, except in a `strict` experiment.
 * When the server is gone, the run stops with the reason and can be resumed.
 */
export class ExperimentRunner {
  readonly #experiment: Pick<Experiment, 'next' | 'strict'>;
  readonly #handles: RunnerHandles;
  #run: ExperimentRun;
  #wish: 'go' | 'pause' | 'cancel' = 'go';

  constructor(experiment: Pick<Experiment, 'next' | 'strict'>, run: ExperimentRun, handles: RunnerHandles) {
    this.#experiment = experiment;
    this.#run = run;
    this.#handles = handles;
  }

  /**
   * Resolves when the run has finished, is paused, was cancelled or has failed; its status says which. Call once.
   * @throws what made a `strict` experiment fail
   */
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
        if (this.#isCancelled()) continue;
        const failed = await this.#become({ kind: 'failed', reason: toPlain(error).message });
        if (this.#experiment.strict) throw error;
        return failed;
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

  /**
   * Configure, warm up, drain, measure, drain. Repeat r uses the load's seed + r − 1, so that the repeats' spread holds the
   * spread of the load as well; two points with one seed still meet the same requests, repeat by repeat.
   * @throws HeadwayError when the server is gone, or for any reason in a strict experiment
   */
  async #measure({ point, repeat }: Unit): Promise<MeasuredUnit> {
    const { configure, measure, now, onProgress } = this.#handles;
    const started_at = now();
    const progress = (done: number, total: number) => {
      const underWayMs = Date.parse(now()) - Date.parse(started_at);
      onProgress({
        point,
        repeat,
        run: this.#run,
        done,
        total,
        remainingMs: remainingMs(this.#run, underWayMs),
      });
    };
    progress(0, point.requests ?? 0);
    try {
      const { slo, requests, durationS } = point;
      const serving = await configure(point.serving);
      // Until `measure` has begun there is nothing that `abort` could end.
      if (this.#isCancelled()) throw new HeadwayError('invalid-state', 'The experiment was cancelled.');
      const warmupRequests = warmupOf(serving, point.load);
      const load = { ...point.load, seed: (point.load.seed + repeat - 1) % (LARGEST_SEED + 1) };
      const endHopeless = !this.#experiment.strict;
      const measurement = await measure(
        { load, serving, slo, requests, durationS, warmupRequests, endHopeless },
        progress,
      );
      return measuredUnit({ point, repeat }, started_at, now(), warmupRequests, measurement);
    } catch (error) {
      const { code, message } = toPlain(error);
      if (this.#experiment.strict || FATAL.includes(code) || this.#isCancelled()) throw error;
      return measuredUnit({ point, repeat }, started_at, now(), 0, notMeasured(point, message));
    }
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

/** Two batches as full as the run can make them: the first compiles and allocates, the second runs warm. */
function warmupOf(serving: ServingConfig, { arrival, concurrency }: LoadConfig): number {
  const batch = slotsOf(serving);
  return 2 * (arrival === 'closed' ? Math.min(batch, concurrency) : batch);
}

function measuredUnit(
  { point, repeat }: Unit,
  started_at: string,
  finished_at: string,
  warmup_requests: number,
  {
    summary,
    records,
    batchFill,
    counters,
    clipped,
    trace,
    endedEarly,
    disturbed = [],
    compliance,
  }: Measurement,
): MeasuredUnit {
  return {
    point: point.id,
    repeat,
    started_at,
    finished_at,
    summary,
    records,
    batch_fill: batchFill,
    counters,
    clipped,
    warmup_requests,
    trace,
    ended_early: endedEarly,
    ...(compliance ? { compliance } : {}),
    ...(disturbed.length > 0 ? { disturbed } : {}),
  };
}

/** A measurement without a request, and the reason. */
function notMeasured({ slo }: PlannedPoint, reason: string): Measurement {
  return {
    summary: new RunRecorder().summary(slo, null),
    records: [],
    batchFill: [],
    counters: new EventCounter().counts,
    clipped: 0,
    trace: null,
    endedEarly: `It could not be measured: ${reason}`,
  };
}

/** What a bench needs of the workers and of the page. */
export interface BenchHandles extends MeasuringHandles {
  readonly environment: RunEnvironment;
}

/**
 * Measures one configuration: a strict experiment of one point.
 * @throws HeadwayError `invalid-parameter`, or what the handles throw
 */
export async function runBench(
  options: BenchOptions,
  { environment, ...handles }: BenchHandles,
  onProgress: (progress: BenchProgress) => void = () => {},
): Promise<BenchResult> {
  const experiment = benchExperiment(options);
  const begun = beginRun(experiment, environment, { id: 'bench', now: handles.now() });
  const runner = new ExperimentRunner(experiment, begun, {
    ...handles,
    abort: async () => {},
    keep: async () => {},
    onProgress: ({ done, total, repeat }) => onProgress({ done, total, repeat }),
  });
  const run = await runner.go();
  const { units } = run;
  const [point] = run.points;
  if (!point) throw new HeadwayError('invalid-state', 'The bench has no point.');
  return {
    summary: summaryOf(run, point),
    records: units.map((unit) => unit.records),
    options,
    warmupRequests: units[0]?.warmup_requests ?? 0,
    clipped: units.reduce((sum, unit) => sum + unit.clipped, 0),
    trace: units[0]?.trace ?? null,
    endedEarly: units.find(({ ended_early }) => ended_early !== null)?.ended_early ?? null,
    compliance: complianceOf(units),
    disturbed: DISTURBANCES.filter((one) => units.some(({ disturbed }) => disturbed?.includes(one))),
  };
}

/** A bench as an experiment of one point, which is measured to its end however overloaded. @throws HeadwayError `invalid-parameter` */
function benchExperiment(options: BenchOptions): Experiment {
  const { slo, requests, durationS, repeats } = options;
  const serving = changeServingConfig(DEFAULT_SERVING_CONFIG, options.serving);
  const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, options.load);
  const wrong = contradiction(serving, load);
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
  for (const parameter of Object.values(SLO_NUMBERS)) {
    const limit = slo[parameter.name as keyof Slo] ?? null;
    if (limit !== null) checkParameter(parameter, limit);
  }
  const extent = { slo, requests, durationS };
  return {
    name: 'bench',
    title: 'Bench',
    says: 'One configuration.',
    minutes: null,
    strict: true,
    seed: load.seed,
    repeats,
    axes: [],
    points: [{ id: 'bench', label: 'bench', serving, load, ...extent, baseline: false }],
  };
}
