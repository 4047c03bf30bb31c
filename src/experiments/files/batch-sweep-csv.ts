import type { ExperimentRun, ParameterName } from '../../core/experiment';
import { figuresOf, type PointFigures } from '../point-figures';
import { csv } from './csv';

const COLUMNS = [
  'policy',
  'max_batch',
  'max_wait_ms',
  'repeats',
  'requests',
  'ok',
  'rejected',
  'expired',
  'cancelled',
  'failed',
  'throughput_rps',
  'throughput_tps',
  'p50_ms',
  'p95_ms',
  'p95_min_ms',
  'p95_max_ms',
  'p99_ms',
  'ttft_p95_ms',
  'mean_batch_fill',
  'wasted_token_share',
] as const;

/** Parameters that have a column already. */
const IN_COLUMNS: readonly ParameterName[] = ['policy', 'maxBatch', 'maxWaitMs'];

/**
 * `batch_sweep.csv`: a line per point, in the order of the plan. Figures are medians over the repeats, `p95_min_ms` and
 * `p95_max_ms` the repeats' extremes, counts those of the repeat that lost most; empty where nothing was measured. What a
 * point differs in beyond policy, batch and wait follows in columns of its own, under the parameter's name.
 */
export function batchSweepCsv(run: ExperimentRun): string {
  const axes = run.axes.filter((name) => !IN_COLUMNS.includes(name));
  return csv(
    [...COLUMNS, ...axes],
    figuresOf(run).map((figures) => [...cellsOf(figures), ...axes.map((name) => axisValueOf(figures, name))]),
  );
}

function cellsOf({ point, units, summary, p95 }: PointFigures) {
  const { policy, maxBatch, maxWaitMs } = point.serving;
  const { requests, ok, rejected, expired, cancelled, failed } = summary;
  return [
    policy,
    maxBatch,
    maxWaitMs,
    units.length,
    requests,
    ok,
    rejected,
    expired,
    cancelled,
    failed,
    ...[
      summary.throughput_rps,
      summary.throughput_tps,
      summary.latency_ms?.p50 ?? null,
      summary.latency_ms?.p95 ?? null,
      p95?.min ?? null,
      p95?.max ?? null,
      summary.latency_ms?.p99 ?? null,
      summary.ttft_ms?.p95 ?? null,
      summary.mean_batch_fill,
      summary.wasted_token_share,
    ].map((value) => value?.toFixed(4) ?? null),
  ];
}

const axisValueOf = ({ point }: PointFigures, name: ParameterName): string | number =>
  ({ ...point.serving, ...point.load })[name];
