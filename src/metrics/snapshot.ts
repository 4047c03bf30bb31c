import type { MemoryUse } from '../core/backend';
import type { Outcome } from '../core/request';
import type { RunnerStatus } from '../core/runner-status';
import type { ServingConfig } from '../core/serving-config';
import type { LoadConfig } from '../load/load-config';
import type { Counters } from './counters';
import type { Interval } from './percentile-interval';

/** mean and nearest-rank percentiles of a sample in ms; `count` is its size. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export type Saturation = 'stable' | 'backlogged' | 'overloaded';

/** Service level objectives; null = not set. */
export interface Slo {
  readonly p95Ms: number | null;
  readonly ttftMs: number | null;
}

/**
 * What the last `windowMs` looked like, folded from events four times a second. Everything that was not measured in the
 * window is null, never 0. Definitions: `measurement.md`, repeated at each fold.
 */
export interface LiveSnapshot {
  /** ms on the shared clock. */
  readonly at: number;
  /** Length of the window, ms; shorter just after a change of setting, which starts a new one. */
  readonly windowMs: number;
  /** Completed requests per second, and their output tokens per second. */
  readonly throughputRps: number | null;
  readonly throughputTps: number | null;
  /** Completed requests per second that met every set SLO, and their share of those offered. Null without an SLO. */
  readonly goodputRps: number | null;
  readonly sloAttainment: number | null;
  readonly latency: Distribution | null;
  /** 95 % confidence interval of its p95, ms; and its p99.9. Null where the sample is too small for that. */
  readonly latencyP95Interval: Interval | null;
  readonly latencyP999: number | null;
  /** Its distribution: the times that 1/n, 2/n, … all of them did not exceed, ms; n is 200 or their count. */
  readonly latencyQuantiles: readonly number[];
  readonly ttft: Distribution | null;
  readonly tpot: Distribution | null;
  readonly queueTime: Distribution | null;
  /** Sent and not settled, now. */
  readonly inFlight: number;
  /** In the server's queue, now. */
  readonly queueDepth: number;
  /** Outcomes in the window. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Outcomes since the load was started. */
  readonly totals: Readonly<Record<Outcome, number>> & { readonly sent: number };
  /** `batchFill[n]` = batches of n members dispatched in the window; index 0 is unused. */
  readonly batchFill: readonly number[];
  readonly meanBatchFill: number | null;
  /** Wasted decode rows over all decode rows. */
  readonly wastedTokenShare: number | null;
  /** Median of `sent − scheduled`, ms: over 10 means that the generator is the bottleneck. */
  readonly sendLagMs: number | null;
  readonly saturation: Saturation | null;
  /** |mean in flight − throughput × mean time in the system| / mean in flight. */
  readonly littlesLawError: number | null;
  readonly server: ServerState;
  readonly clients: ClientState;
  /** Since the page was opened. */
  readonly counters: Counters;
}

/** How the server itself is. */
export interface ServerState {
  readonly status: RunnerStatus;
  /** What it serves by, in its own words; null until it has said it. */
  readonly config: ServingConfig | null;
  /** Times that its device went away, and what was said of the last. */
  readonly losses: number;
  readonly lastLoss: { readonly at: number; readonly reason: string } | null;
  /** What lives on the device; null where it cannot be counted. */
  readonly memory: MemoryUse | null;
}

/** What the synthetic clients do, and under which configuration. In a pause nothing is a rate: it is no measurement. */
export type ClientState =
  | { readonly status: 'idle' }
  | { readonly status: 'sending' | 'paused' | 'measuring'; readonly config: LoadConfig };

/** One answered request, as a person reads it. */
export interface Sample {
  readonly id: number;
  readonly at: number;
  /** The learner's sentence, and what the model wrote so far or in the end. */
  readonly prompt: string;
  readonly text: string;
  readonly outcome: Outcome | 'running';
  readonly outputTokens: number;
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
  /** True for a request that the visitor sent. */
  readonly own: boolean;
  /** Of a synthetic model: tokens shown by their numbers. */
  readonly meaningless?: true;
  /** Why it was rejected or failed. */
  readonly message?: string;
}
