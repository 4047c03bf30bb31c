import type { Adapter } from '../core/backend';
import { DISTURBANCES, type Disturbance } from '../core/disturbance';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../load/load-config';
import type { TraceInfo } from '../load/traces/trace-info';
import type { Counters } from '../metrics/counters';
import type { RequestRecord } from '../metrics/ledger';
import type { Slo } from '../metrics/snapshot';
import type { RunSummary } from '../metrics/summary';
import { type MeasuringHandles, measureUnit } from './measure-unit';
import { medianSummary, worstRun } from './median-summary';
import type { MeasuredUnit, PlannedPoint } from './run';
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
  /** What disturbed any of its repeats from outside. */
  readonly disturbed: readonly Disturbance[];
}

export interface BenchProgress {
  readonly done: number;
  /** Requests expected in this repeat; an estimate when the run goes by time. */
  readonly total: number;
  /** From 1. */
  readonly repeat: number;
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
