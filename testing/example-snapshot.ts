import type { LiveSnapshot } from '../src/core/figures';
import { EventCounter } from '../src/metrics/counters';

/** An invented snapshot for tests: 40 completions a second at a p95 of 120 ms, ten seconds of them. */
export function snapshotAt(at: number, changes: Partial<LiveSnapshot> = {}): LiveSnapshot {
  const distribution = { count: 400, mean: 70, p50: 60, p95: 120, p99: 180 };
  const outcomes = { completed: 400, rejected: 0, expired: 0, cancelled: 0, failed: 0 };
  return {
    at,
    windowMs: 10_000,
    throughputRps: 40,
    throughputTps: 480,
    goodputRps: 40,
    sloAttainment: 1,
    latency: distribution,
    latencyP95Interval: [112, 131],
    latencyP999: null,
    latencyQuantiles: [30, 60, 90, 180],
    ttft: distribution,
    tpot: distribution,
    queueTime: distribution,
    inFlight: 4,
    queueDepth: 1,
    outcomes,
    totals: { ...outcomes, sent: 404 },
    batchFill: [0, 10, 20, 30],
    meanBatchFill: 2.3,
    wastedTokenShare: 0,
    sendLagMs: 0.1,
    saturation: 'stable',
    littlesLawError: 0.01,
    server: { status: 'running', config: null, losses: 0, lastLoss: null, memory: null },
    clients: { status: 'idle' },
    counters: new EventCounter().counts,
    ...changes,
  };
}
