import type { Adapter } from '../core/backend';
import { type ServingConfig, slotsOf } from '../core/serving-config';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../load/load-config';
import type { TraceInfo } from '../load/traces/trace-info';
import type { Counters } from '../metrics/counters';
import type { RequestRecord } from '../metrics/ledger';
import type { Slo } from '../metrics/snapshot';
import type { RunSummary } from '../metrics/summary';
import type { MeasuredRun, Measurement } from './measured-run';
import { medianSummary, worstRun } from './median-summary';
import { validateBench } from './validate-bench';

/** One configuration to measure. */
export interface BenchOptions {
  readonly serving: ServingConfig;
  /** What is left out has its default. */
  readonly load: Partial<LoadConfig>;
  readonly slo: Slo;
  /** Exactly this many, or null for as many as fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  readonly repeats: number;
}

/**
 * `summary.json`. With repeats, each figure is the median of the repeats' figures; counts, `counters` among them, are one
 * repeat's, the one that lost most; intervals hold those of all repeats.
 */
export interface BenchSummary extends RunSummary {
  readonly config: ServingConfig & LoadConfig;
  readonly seed: number;
  readonly repeats: number;
  readonly p95_ms_by_repeat: readonly (number | null)[];
  /** What the server decided while it was measured. */
  readonly counters: Counters;
  readonly adapter: Adapter;
  readonly model: { readonly name: string; readonly sha256: string };
  /** Code revision that the page was built from. */
  readonly revision: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly finished_at: string;
}

export interface BenchResult {
  readonly summary: BenchSummary;
  /** One list per repeat. */
  readonly records: readonly (readonly RequestRecord[])[];
  readonly options: BenchOptions;
  /** Sent and drained before each repeat, and counted nowhere. */
  readonly warmupRequests: number;
  /** Requests of all repeats whose forced lengths were cut to fit the context. */
  readonly clipped: number;
  /** What was played; null for any other arrivals. */
  readonly trace: TraceInfo | null;
  /** Why a repeat was over before all was measured, as a sentence; null when none was. */
  readonly endedEarly: string | null;
}

export interface BenchProgress {
  readonly done: number;
  /** Requests expected in this repeat; an estimate when the run goes by time. */
  readonly total: number;
  /** From 1. */
  readonly repeat: number;
}

/** What a bench needs of the workers and of the page. */
export interface BenchHandles {
  /** Puts the configuration in force and returns it. */
  readonly configure: (config: ServingConfig) => Promise<ServingConfig>;
  readonly measure: (
    run: MeasuredRun,
    onProgress: (done: number, total: number) => void,
  ) => Promise<Measurement>;
  readonly served: {
    readonly adapter: Adapter;
    readonly model: { readonly name: string; readonly sha256: string };
  };
  readonly revision: string;
  /** Wall-clock time, ISO 8601. */
  readonly now: () => string;
}

const LARGEST_SEED = 2 ** 31 - 1;

/**
 * Measures one configuration: configure, then for each repeat warm up, drain, measure, drain. Repeat r uses seed + r − 1,
 * so that the repeats' spread holds the spread of the load as well; two configurations with one seed still meet the same
 * requests, repeat by repeat.
 * @throws HeadwayError `invalid-parameter`, or what the handles throw
 */
export async function runBench(
  options: BenchOptions,
  handles: BenchHandles,
  onProgress: (progress: BenchProgress) => void = () => {},
): Promise<BenchResult> {
  validateBench(options);
  const { slo, requests, durationS, repeats } = options;
  const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, options.load);
  const started_at = handles.now();
  const serving = await handles.configure(options.serving);
  const warmupRequests = warmupOf(serving, load);
  const measurements: Measurement[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    onProgress({ done: 0, total: requests ?? 0, repeat });
    const seed = (load.seed + repeat - 1) % (LARGEST_SEED + 1);
    const run = { load: { ...load, seed }, serving, slo, requests, durationS, warmupRequests };
    measurements.push(await handles.measure(run, (done, total) => onProgress({ done, total, repeat })));
  }
  const { adapter, model } = handles.served;
  const summary: BenchSummary = {
    config: { ...serving, ...load },
    seed: load.seed,
    repeats,
    ...medianSummary(measurements.map((measurement) => measurement.summary)),
    p95_ms_by_repeat: measurements.map((measurement) => measurement.summary.latency_ms?.p95 ?? null),
    counters: worstRun(measurements).counters,
    adapter: { kind: adapter.kind, name: adapter.name, software: adapter.software },
    model: { name: model.name, sha256: model.sha256 },
    revision: handles.revision,
    started_at,
    finished_at: handles.now(),
  };
  return {
    summary,
    records: measurements.map((measurement) => measurement.records),
    options,
    warmupRequests,
    clipped: measurements.reduce((sum, measurement) => sum + measurement.clipped, 0),
    trace: measurements[0]?.trace ?? null,
    endedEarly: measurements.find(({ endedEarly }) => endedEarly !== null)?.endedEarly ?? null,
  };
}

/** Two batches as full as the run can make them: one compiles and allocates, one shows that it did. */
function warmupOf(serving: ServingConfig, { arrival, concurrency }: LoadConfig): number {
  const batch = slotsOf(serving);
  return 2 * (arrival === 'closed' ? Math.min(batch, concurrency) : batch);
}
