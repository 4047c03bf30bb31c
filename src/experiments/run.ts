import type { Adapter } from '../core/backend';
import type { Disturbance } from '../core/disturbance';
import type { ServingConfig } from '../core/serving-config';
import type { LoadConfig } from '../load/load-config';
import type { TraceInfo } from '../load/traces/trace-info';
import type { Counters } from '../metrics/counters';
import type { RequestRecord } from '../metrics/ledger';
import type { Slo } from '../metrics/snapshot';
import type { RunSummary } from '../metrics/summary';

/** One setting of an experiment, with everything that it is measured under. */
export interface PlannedPoint {
  /** Unique in its experiment, for file names and keys: `baseline`, `max-batch-8-max-wait-ms-20`. */
  readonly id: string;
  /** What tells it from the others, for a legend: `max batch 8, max wait 20 ms`. */
  readonly label: string;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
  /** Exactly this many, or null for all that fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  /** What the others are compared with. */
  readonly baseline: boolean;
  /** Measured only to plan the others by: it stands in no plot or table with them. */
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
}

/** On what an experiment ran: two runs that differ here differ in more than their settings. */
export interface RunEnvironment {
  readonly adapter: Adapter;
  readonly model: { readonly name: string; readonly sha256: string };
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

/** One experiment with what it has measured so far: what is kept, shown, compared, exported and read back. */
export interface ExperimentRun {
  readonly format: 'headway-experiment';
  readonly version: 1;
  /** Unique among those kept. */
  readonly id: string;
  /** As its owner calls it. */
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
  /** What the points differ in: first the x axis, then what makes a line. */
  readonly axes: readonly ParameterName[];
  /** More may be added while it runs, where an experiment goes on from what it found. */
  readonly points: readonly PlannedPoint[];
  /** In the order of measurement. */
  readonly units: readonly MeasuredUnit[];
  /** ISO 8601. */
  readonly started_at: string;
  readonly finished_at: string | null;
}
