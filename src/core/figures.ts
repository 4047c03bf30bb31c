import type { MemoryUse } from './backend';
import type { LoadConfig } from './load-config';
import type { Outcome } from './request';
import type { RunnerStatus } from './runner-status';
import type { ServingConfig } from './serving-config';

/** Lowest and highest value that a percentile may well have, ms. */
export type Interval = readonly [low: number, high: number];
/** Of each percentile; null where the sample is too small to bound it on both sides. */
export interface Intervals {
  readonly p50: Interval | null;
  readonly p95: Interval | null;
  readonly p99: Interval | null;
}

/** How often the server decided what. */
export interface Counters {
  /** Requests that got a place in the queue. */
  readonly accepted: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Batches sealed; of them, those whose wait for company was cut short, since they were full or at a limit. */
  readonly batches: number;
  readonly closedEarly: number;
  /** Requests in them, refills included; their micro-batches, as `maxMicroBatches` counts them. */
  readonly batched: number;
  readonly microBatches: number;
  /** Of these requests, those that went before one that had come earlier, by their priority. */
  readonly overtook: number;
  /** Batches that reached the runner. */
  readonly dispatched: number;
  /** Members of sealed batches that had gone when the runner took them, and requests that took their places. */
  readonly staleDropped: number;
  readonly refilled: number;
  /** Forward passes. */
  readonly prefills: number;
  readonly decodes: number;
  /** Of the prefills, chunks of a prompt that were not its last. */
  readonly prefillChunks: number;
  /** Tokens that clients received. */
  readonly tokens: number;
  /** Decoded rows that nobody was waiting for: their request had ended (padding, or passes under way), or its client had gone. */
  readonly wastedFinished: number;
  readonly wastedGone: number;
  readonly deviceLosses: number;
}

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

/** mean and percentiles in ms, as in `summary.json`. */
export interface Percentiles {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The measured part of `summary.json`: names are a contract. What was not measured is null, never 0. */
export interface RunSummary {
  readonly requests: number;
  readonly ok: number;
  readonly rejected: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly throughput_rps: number | null;
  /** Output tokens of completed requests per second. */
  readonly throughput_tps: number | null;
  /** Prompt tokens of completed requests per second, and both kinds together. */
  readonly input_tps: number | null;
  readonly total_tps: number | null;
  readonly goodput_rps: number | null;
  readonly slo_attainment: number | null;
  readonly latency_ms: Percentiles | null;
  /** 95 % confidence intervals of `latency_ms`, from order statistics of the run. */
  readonly latency_interval_ms: Intervals | null;
  readonly ttft_ms: Percentiles | null;
  readonly ttft_interval_ms: Intervals | null;
  readonly tpot_ms: Percentiles | null;
  readonly itl_ms: Percentiles | null;
  readonly queue_ms: Percentiles | null;
  readonly mean_batch_fill: number | null;
  readonly wasted_token_share: number | null;
  readonly stale_dropped: number | null;
  readonly send_lag_ms: number | null;
  readonly saturation: Saturation | null;
  readonly littles_law_error: number | null;
}

/**
 * Where a request's time begins: `scheduled` in open-loop load, so that a slow server cannot hide behind a generator
 * that it slowed down (coordinated omission); `sent` in closed-loop load.
 */
export type TimeOrigin = 'scheduled' | 'sent';
