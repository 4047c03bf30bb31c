import type { Adapter } from './backend';
import type { Disturbance } from './disturbance';
import type { Counters, RunSummary, Slo } from './figures';
import type { LoadConfig } from './load-config';
import type { RequestRecord } from './request-record';
import type { ServingConfig } from './serving-config';
import type { TraceInfo } from './trace';

/** One run under one setting. */
export interface MeasuredRun {
  readonly load: LoadConfig;
  /** The serving configuration in force, for the record. */
  readonly serving: ServingConfig;
  readonly slo: Slo;
  /** Exactly this many, or null for all that fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  /** Sent in two waves and drained before the measured ones, and excluded from everything. */
  readonly warmupRequests: number;
  /** Whether it is ended early when requests pile up without hope (`metrics/backlog`). */
  readonly endHopeless: boolean;
}

export interface Measurement {
  readonly summary: RunSummary;
  /** In the order of sending, numbered by it from 1, so that runs of one seed compare request by request. */
  readonly records: readonly RequestRecord[];
  /** `batchFill[n]` = batches of n members dispatched; index 0 is unused. */
  readonly batchFill: readonly number[];
  /**
   * What the server decided from the first measured request until the last had settled: warm-up is not in it, and what
   * it did for others meanwhile, such as a visitor's own sentence, is.
   */
  readonly counters: Counters;
  /** Requests whose forced lengths were cut so that prompt and output fit the context. */
  readonly clipped: number;
  /** What was played; null for any other arrivals. */
  readonly trace: TraceInfo | null;
  /** Why it was over before all was measured, as a sentence; null when it was not. What was in flight then is `cancelled`. */
  readonly endedEarly: string | null;
  /** What disturbed the measurement; absent where nothing did or nothing was watched. */
  readonly disturbed?: readonly Disturbance[];
  /** Of a remote engine. */
  readonly compliance?: Compliance;
}

/** What a remote engine did not do as it was asked, of the requests that completed. */
export interface Compliance {
  readonly completed: number;
  /** Answers that should have had a forced length and were shorter; tokens asked for and received in those. */
  readonly shortAnswers: number;
  readonly askedTokens: number;
  readonly receivedTokens: number;
  /** Answers whose tokens the server did not count, so that chunks were counted. */
  readonly countedByChunks: number;
  /** Answers that came in one piece though a stream was asked for. */
  readonly notStreamed: number;
}

/** Changes to an experiment's own seed, repeats and requests. */
export interface Wishes {
  readonly seed?: number;
  readonly repeats?: number;
  /** In each repeat of each point, instead of the experiment's own number or time. */
  readonly requests?: number;
  /** Instead of the points' own, as far as they say. */
  readonly slo?: Partial<Slo>;
  readonly load?: Partial<LoadConfig>;
}

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
 * repeat's, the one that lost most; intervals cover the intervals of all repeats.
 */
export interface BenchSummary extends RunSummary {
  /** A remote engine's serving parameters are its own business, so they are not among them. */
  readonly config: Partial<ServingConfig> & LoadConfig;
  readonly seed: number;
  readonly repeats: number;
  readonly p95_ms_by_repeat: readonly (number | null)[];
  /** What the server decided while it was measured. */
  readonly counters: Counters;
  /** Completed answers that were to have a forced length and were shorter; the share of their tokens that did not come. Null for an engine of Headway's own, which forces lengths. */
  readonly short_answers: number | null;
  readonly shorter_by: number | null;
  readonly adapter: Adapter;
  /** The hash is null for a remote engine's, which does not tell it. */
  readonly model: { readonly name: string; readonly sha256: string | null };
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
  /** Of all repeats; null for an engine of Headway's own. */
  readonly compliance: Compliance | null;
}

export interface BenchProgress {
  readonly done: number;
  /** Requests expected in this repeat; an estimate when the run goes by time. */
  readonly total: number;
  /** From 1. */
  readonly repeat: number;
}

/** One setting of an experiment, with everything that it is measured under. */
export interface PlannedPoint {
  /** Unique in its experiment, for file names and keys: `baseline`, `max-batch-8-max-wait-ms-20`. */
  readonly id: string;
  /** For a legend: what it changes, `max batch 8, max wait 20 ms`. */
  readonly label: string;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
  /** Exactly this many, or null for all that fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  /** The point that the others are compared with. */
  readonly baseline: boolean;
  /** Measured only to plan further points; it is left out of plots and tables. */
  readonly probe?: true;
}

export type ParameterName = keyof ServingConfig | keyof LoadConfig;
/** One repeat of one point, measured. */
export interface MeasuredUnit {
  readonly point: PlannedPoint['id'];
  /** From 1. */
  readonly repeat: number;
  /** ISO 8601. */
  readonly started_at: string;
  readonly finished_at: string;
  readonly summary: RunSummary;
  readonly records: readonly RequestRecord[];
  /** `batch_fill[n]` = batches of n members dispatched; index 0 is unused. */
  readonly batch_fill: readonly number[];
  readonly counters: Counters;
  /** Requests whose forced output length was cut so that prompt and output fit the context. */
  readonly clipped: number;
  readonly warmup_requests: number;
  /** What was played; null for any other arrivals. */
  readonly trace: TraceInfo | null;
  /** Why it was ended before all was measured, as a sentence; null when it was not. */
  readonly ended_early: string | null;
  /** What disturbed it from outside; absent where nothing did. */
  readonly disturbed?: readonly Disturbance[];
  /** Of a remote engine. */
  readonly compliance?: Compliance;
}

/** Hardware, model and software of a run: two runs that differ here differ in more than their settings. */
export interface RunEnvironment {
  readonly adapter: Adapter;
  /** The hash is null for a remote engine's, which does not tell it. */
  readonly model: { readonly name: string; readonly sha256: string | null };
  /** Code revision that the page was built from. */
  readonly revision: string;
  /** Name and version. */
  readonly browser: string;
  /** Exact versions by name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** Of the command line; empty on the page. */
  readonly arguments: readonly string[];
}

export type RunStatus =
  | { readonly kind: 'running' | 'paused' | 'finished' | 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string };
/** An experiment with everything it has measured so far. It is kept, shown, compared, exported and imported in this form. */
export interface ExperimentRun {
  readonly format: 'headway-experiment';
  readonly version: 1;
  /** Unique among the kept runs. */
  readonly id: string;
  /** As its user named it. */
  readonly name: string;
  /** Of the preset, or `grid` or `bench`. */
  readonly experiment: string;
  readonly title: string;
  readonly says: string;
  readonly environment: RunEnvironment;
  readonly status: RunStatus;
  /** Of the load (repeat r uses seed + r − 1) and of the order of measurement. */
  readonly seed: number;
  readonly repeats: number;
  /** Parameters in which the points differ: the x axis first, then the ones that make lines. */
  readonly axes: readonly ParameterName[];
  /** A search adds points while it runs. */
  readonly points: readonly PlannedPoint[];
  /** In the order of measurement. */
  readonly units: readonly MeasuredUnit[];
  /** ISO 8601. */
  readonly started_at: string;
  readonly finished_at: string | null;
  /** Of a run that was read from a file; `doubts`: what its summaries say that its records contradict, as sentences. */
  readonly imported?: { readonly doubts: readonly string[] };
}
