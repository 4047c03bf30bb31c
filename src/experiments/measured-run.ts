import type { Disturbance } from '../core/disturbance';
import type { ServingConfig } from '../core/serving-config';
import type { LoadConfig } from '../load/load-config';
import type { TraceInfo } from '../load/traces/trace-info';
import type { Counters } from '../metrics/counters';
import type { RequestRecord } from '../metrics/ledger';
import type { Slo } from '../metrics/snapshot';
import type { RunSummary } from '../metrics/summary';

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
  /** Why it was over before all was measured, as a sentence; null when it was not. What was in flight then is in no figure. */
  readonly endedEarly: string | null;
  /** What disturbed it, where somebody watched and something did. */
  readonly disturbed?: readonly Disturbance[];
}
