import type { Intervals } from './percentile-interval';
import type { Saturation } from './snapshot';

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
  readonly throughput_tps: number | null;
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
