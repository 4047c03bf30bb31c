import type { LiveSnapshot } from '../src/core/figures';
import { EventCounter } from '../src/metrics/counters';

/** An invented snapshot for tests: 40 completions a second at a p95 of 120 ms, ten seconds of them. */
export function snapshotAt(at: number, changes: Partial<LiveSnapshot> = {}): LiveSnapshot {
  const distribution = { count: 400, mean: 70, p50: 60, p95: 120, p99: 180 };
  return {
    at,
    windowMs: 10_000,
    throughput_rps: 40,
    throughput_tps: 480,
    goodput_rps: 40,
    slo_attainment: 1,
    requests: 400,
    ok: 400,
    rejected: 0,
    expired: 0,
    cancelled: 0,
    failed: 0,
    input_tps: 240,
    total_tps: 720,
    latency_ms: distribution,
    latency_interval_ms: { p50: [58, 62], p95: [112, 131], p99: [160, 180] },
    latency_p999_ms: null,
    latency_quantiles_ms: [30, 60, 90, 180],
    ttft_ms: distribution,
    ttft_interval_ms: null,
    tpot_ms: distribution,
    itl_ms: distribution,
    queue_ms: distribution,
    inFlight: 4,
    queueDepth: 1,
    totals: { completed: 400, rejected: 0, expired: 0, cancelled: 0, failed: 0, sent: 404 },
    batchFill: [0, 10, 20, 30],
    mean_batch_fill: 2.3,
    wasted_token_share: 0,
    stale_dropped: 0,
    send_lag_ms: 0.1,
    send_lag_share: 0.01,
    saturation: 'stable',
    littles_law_error: 0.01,
    server: { status: 'running', config: null, losses: 0, lastLoss: null, memory: null },
    clients: { status: 'idle' },
    counters: new EventCounter().counts,
    ...changes,
  };
}
