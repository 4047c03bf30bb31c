import type { Calibration } from '../core/calibration';
import type { BenchOptions, BenchResult, MeasuredRun, Measurement, RunEnvironment } from '../core/experiment';
import type { RunSummary } from '../core/figures';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import type { RequestRecord } from '../core/request-record';
import type { ServingConfig } from '../core/serving-config';
import type { Trace } from '../core/trace';
import type { RouterName } from '../core/twin-control';
import { percentilesOf } from '../metrics/percentiles';
import { latencyOf, ttftOf } from '../metrics/timings';
import { simulate } from '../simulator/simulate';
import { type BenchHandles, runBench } from './runner';

/** Engines behind one address. */
export interface Fleet {
  readonly replicas: number;
  readonly router: RouterName;
}

const ALONE: Fleet = { replicas: 1, router: 'least-outstanding' };

/** A run that a twin answers instead of an engine, with what it had to extrapolate. */
export interface Predicted {
  readonly result: BenchResult;
  /** Of each repeat. */
  readonly runs: readonly Measurement[];
  readonly extrapolated: readonly string[];
  /** Requests simulated. */
  readonly requests: number;
}

interface TwinOptions {
  readonly fleet?: Fleet;
  readonly trace?: Trace | null;
  readonly now?: () => string;
  readonly revision?: string;
  /** Of the command line, for the record. */
  readonly args?: readonly string[];
}

/** What `runBench` would measure, answered by the twin: the same seeds, the same arrivals, in virtual time. */
export async function predictBench(
  options: BenchOptions,
  calibration: Calibration,
  twin: TwinOptions = {},
): Promise<Predicted> {
  const extrapolated = new Set<string>();
  const runs: Measurement[] = [];
  let requests = 0;
  const handles: BenchHandles = {
    configure: async (config) => config,
    measure: async (run) => {
      const measurement = predictRun(run, calibration, twin);
      for (const what of measurement.extrapolated) extrapolated.add(what);
      requests += measurement.summary.requests;
      runs.push(measurement);
      return measurement;
    },
    environment: twinEnvironment(calibration, twin),
    now: twin.now ?? (() => calibration.fitted_at),
  };
  return { result: await runBench(options, handles), runs, extrapolated: [...extrapolated], requests };
}

/** A prediction says whose twin it is of, wherever it stands. */
export const twinEnvironment = (
  { adapter, model }: Calibration,
  { revision = '', args = [] }: Pick<TwinOptions, 'revision' | 'args'> = {},
): RunEnvironment => ({
  adapter: { kind: 'simulated', name: `twin of ${adapter.name}`, software: false },
  model: { name: model.name, sha256: model.sha256 ?? '' },
  revision,
  browser: 'none',
  libraries: {},
  arguments: args,
});

/** One measured run, as the twin sees it. */
export function predictRun(
  { load, serving, slo, requests, durationS }: MeasuredRun,
  calibration: Calibration,
  { fleet = ALONE, trace = null }: TwinOptions = {},
): Measurement & { readonly extrapolated: readonly string[] } {
  const { summary, records, batchFill, counters, clipped, extrapolated } = simulate({
    calibration,
    serving,
    load,
    slo,
    requests,
    durationS,
    trace,
    ...fleet,
  });
  return {
    summary,
    records: records(),
    batchFill,
    counters,
    clipped,
    trace: null,
    endedEarly: null,
    extrapolated,
  };
}

/** Figures that a prediction is judged by. */
export const JUDGED = {
  throughput_rps: (summary: RunSummary) => summary.throughput_rps,
  latency_p50: (summary: RunSummary) => summary.latency_ms?.p50 ?? null,
  latency_p95: (summary: RunSummary) => summary.latency_ms?.p95 ?? null,
  ttft_p50: (summary: RunSummary) => summary.ttft_ms?.p50 ?? null,
  ttft_p95: (summary: RunSummary) => summary.ttft_ms?.p95 ?? null,
  tpot_p50: (summary: RunSummary) => summary.tpot_ms?.p50 ?? null,
} as const;

export type JudgedFigure = keyof typeof JUDGED;
/** Predicted / measured − 1; null where one of the two is missing. */
export type PredictionError = Readonly<Record<JudgedFigure, number | null>>;

const judged = <Value>(of: (figure: JudgedFigure) => Value): Readonly<Record<JudgedFigure, Value>> =>
  Object.fromEntries((Object.keys(JUDGED) as JudgedFigure[]).map((figure) => [figure, of(figure)])) as Record<
    JudgedFigure,
    Value
  >;

export const errorOf = (predicted: RunSummary, measured: RunSummary): PredictionError =>
  judged((figure) => {
    const [of, truth] = [JUDGED[figure](predicted), JUDGED[figure](measured)];
    return of === null || !truth ? null : of / truth - 1;
  });

/** Lowest and highest of the repeats, for each figure; null for a single one. */
export function spreadOfRepeats({
  records,
  summary,
}: BenchResult): Readonly<Record<JudgedFigure, readonly [number, number] | null>> {
  const runs = records.map(figuresOfRepeat);
  return judged((figure) => {
    const values = runs.map((run) => run[figure]).filter((value) => value !== null);
    return summary.repeats > 1 && values.length > 1 ? [Math.min(...values), Math.max(...values)] : null;
  });
}

function figuresOfRepeat(records: readonly RequestRecord[]): Readonly<Record<JudgedFigure, number | null>> {
  const completed = records.filter(({ outcome }) => outcome === 'completed');
  const times = (of: (record: RequestRecord) => number | null) =>
    percentilesOf(completed.map(of).filter((ms) => ms !== null));
  const [latency, ttft, tpot] = [times(latencyOf), times(ttftOf), times(({ tpot }) => tpot)];
  const from = Math.min(...records.map(({ scheduled }) => scheduled));
  const to = Math.max(...records.map(({ finished }) => finished ?? from));
  return {
    throughput_rps: to > from ? (completed.length * 1000) / (to - from) : null,
    latency_p50: latency?.p50 ?? null,
    latency_p95: latency?.p95 ?? null,
    ttft_p50: ttft?.p50 ?? null,
    ttft_p95: ttft?.p95 ?? null,
    tpot_p50: tpot?.p50 ?? null,
  };
}

/** Of each figure, the median of the absolute errors. */
export const medianErrors = (errors: readonly PredictionError[]): PredictionError =>
  judged((figure) => {
    const sizes = errors.map((error) => error[figure]).filter((error) => error !== null);
    const sorted = sizes.map(Math.abs).sort((a, b) => a - b);
    const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return low === undefined || high === undefined ? null : (low + high) / 2;
  });

/** Under each policy, what it does not read. */
const IGNORED: Readonly<Record<ServingConfig['policy'], readonly (keyof ServingConfig)[]>> = {
  sequential: [
    'maxBatch',
    'maxWaitMs',
    'maxPrefillTokensPerStep',
    'maxBatchTokens',
    'microBatchSize',
    'maxMicroBatches',
  ],
  static: ['maxPrefillTokensPerStep'],
  continuous: ['maxWaitMs', 'channelCapacity', 'microBatchSize'],
};

/** Equal for two settings that differ only in what neither of them reads. */
export function cellKey(serving: ServingConfig, load: LoadConfig): string {
  const read = Object.entries(serving).filter(
    ([name]) => !IGNORED[serving.policy].includes(name as keyof ServingConfig),
  );
  const unread = load.arrival === 'closed' ? ['rate'] : ['concurrency', 'thinkTimeMs'];
  const sent = Object.entries(load).filter(([name]) => !unread.includes(name));
  return JSON.stringify([read, sent]);
}

/**
 * Short runs that show a machine's steps: few and many rows, whole and padded batches, an idle server and a full one.
 * Together they take about `seconds`, beside their warm-ups.
 */
export function calibrationLadder(
  serving: ServingConfig,
  load: Partial<LoadConfig>,
  seconds: number,
): readonly BenchOptions[] {
  const rows: number[] = [];
  for (let count = 1; count < serving.maxBatch; count *= 2) rows.push(count);
  rows.push(serving.maxBatch);
  const rungs: { readonly serving: Partial<ServingConfig>; readonly concurrency: number }[] = [
    ...rows.map((maxBatch) => ({
      serving: { policy: 'continuous' as const, maxBatch },
      // A few more than slots, so that newcomers come one by one.
      concurrency: maxBatch + (maxBatch > 1 ? 2 : 0),
    })),
    { serving: { policy: 'static', maxWaitMs: 0 }, concurrency: 2 * serving.maxBatch },
  ];
  const { outputTokens = DEFAULT_LOAD_CONFIG.outputTokens } = load;
  return rungs.map((rung) => ({
    serving: { ...serving, timeoutMs: 0, ...rung.serving },
    load: {
      ...load,
      arrival: 'closed',
      thinkTimeMs: 0,
      abandonShare: 0,
      outputTokens,
      concurrency: rung.concurrency,
    },
    slo: { p95Ms: null, ttftMs: null },
    requests: null,
    durationS: Math.max(0.1, seconds / rungs.length),
    repeats: 1,
  }));
}
