import type { Intervals, Percentiles, RunSummary, Saturation } from '../core/figures';
import { acrossRuns, envelope } from '../metrics/percentile-interval';
import { middleOf } from '../metrics/percentiles';

/** From good to bad. */
const VERDICTS: readonly Saturation[] = ['stable', 'backlogged', 'overloaded'];

/** The run that completed the smallest share of its requests, the first of several. Not empty. */
export function worstRun<Run extends { readonly summary: RunSummary }>(runs: readonly Run[]): Run {
  return runs.reduce((a, b) =>
    b.summary.ok * a.summary.requests < a.summary.ok * b.summary.requests ? b : a,
  );
}

/**
 * Several runs of one configuration as one: of every figure the median is taken; the counts are those of `worstRun`, so
 * that no run's losses disappear in the others; an interval holds those of all runs and the one that follows from how far
 * the runs are apart, since latencies of one run depend on each other and its own interval is too narrow. Not empty.
 */
export function medianSummary(runs: readonly RunSummary[]): RunSummary {
  const { summary: worst } = worstRun(runs.map((summary) => ({ summary })));
  const figure = (pick: (run: RunSummary) => number | null) => median(runs.map(pick));
  const times = (pick: (run: RunSummary) => Percentiles | null): Percentiles | null => {
    const measured = runs.map(pick).filter((percentiles) => percentiles !== null);
    if (measured.length === 0) return null;
    const of = (name: keyof Percentiles) => median(measured.map((percentiles) => percentiles[name])) ?? 0;
    return { mean: of('mean'), p50: of('p50'), p95: of('p95'), p99: of('p99') };
  };
  const intervals = (figures: 'latency' | 'ttft'): Intervals | null => {
    const each = runs.map((run) => run[`${figures}_interval_ms`]);
    if (each.every((run) => run === null)) return null;
    const of = (name: keyof Intervals) => {
      const own = envelope(each.map((run) => run?.[name] ?? null));
      const across = acrossRuns(runs.flatMap((run) => run[`${figures}_ms`]?.[name] ?? []));
      return own && across ? envelope([own, across]) : own;
    };
    return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
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
    latency_interval_ms: intervals('latency'),
    ttft_ms: times((run) => run.ttft_ms),
    ttft_interval_ms: intervals('ttft'),
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

/** Of those that were measured. */
const median = (figures: readonly (number | null)[]) => middleOf(figures.filter((figure) => figure !== null));

/** Of two in the middle, the worse. */
function medianVerdict(verdicts: readonly (Saturation | null)[]): Saturation | null {
  const sorted = verdicts
    .filter((verdict) => verdict !== null)
    .toSorted((a, b) => VERDICTS.indexOf(a) - VERDICTS.indexOf(b));
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
