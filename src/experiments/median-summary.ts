import type { Saturation } from '../metrics/snapshot';
import type { Percentiles, RunSummary } from '../metrics/summary';

/** From good to bad. */
const VERDICTS: readonly Saturation[] = ['stable', 'backlogged', 'overloaded'];

/**
 * Several runs of one configuration as one: of every figure the median is taken; the counts are those of one run, the one
 * that completed the smallest share of its requests, so that no run's losses disappear in the others. Not empty.
 */
export function medianSummary(runs: readonly RunSummary[]): RunSummary {
  const worst = runs.reduce((a, b) => (b.ok * a.requests < a.ok * b.requests ? b : a));
  const figure = (pick: (run: RunSummary) => number | null) => median(runs.map(pick));
  const times = (pick: (run: RunSummary) => Percentiles | null): Percentiles | null => {
    const measured = runs.map(pick).filter((percentiles) => percentiles !== null);
    if (measured.length === 0) return null;
    const of = (name: keyof Percentiles) => median(measured.map((percentiles) => percentiles[name])) ?? 0;
    return { mean: of('mean'), p50: of('p50'), p95: of('p95'), p99: of('p99') };
  };
  return {
    requests: worst.requests,
    ok: worst.ok,
    rejected: worst.rejected,
    expired: worst.expired,
    cancelled: worst.cancelled,
    failed: worst.failed,
    throughput_rps: figure((run) => run.throughput_rps),
    throughput_tps: figure((run) => run.throughput_tps),
    goodput_rps: figure((run) => run.goodput_rps),
    slo_attainment: figure((run) => run.slo_attainment),
    latency_ms: times((run) => run.latency_ms),
    ttft_ms: times((run) => run.ttft_ms),
    tpot_ms: times((run) => run.tpot_ms),
    itl_ms: times((run) => run.itl_ms),
    queue_ms: times((run) => run.queue_ms),
    mean_batch_fill: figure((run) => run.mean_batch_fill),
    wasted_token_share: figure((run) => run.wasted_token_share),
    stale_dropped: figure((run) => run.stale_dropped),
    send_lag_ms: figure((run) => run.send_lag_ms),
    saturation: medianVerdict(runs.map((run) => run.saturation)),
    littles_law_error: figure((run) => run.littles_law_error),
  };
}

/** Of those that were measured; of two in the middle, their mean. */
function median(figures: readonly (number | null)[]): number | null {
  const sorted = figures.filter((figure) => figure !== null).toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Of two in the middle, the worse. */
function medianVerdict(verdicts: readonly (Saturation | null)[]): Saturation | null {
  const sorted = verdicts
    .filter((verdict) => verdict !== null)
    .toSorted((a, b) => VERDICTS.indexOf(a) - VERDICTS.indexOf(b));
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
