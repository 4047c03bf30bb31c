import type { RunSummary } from '../core/figures';
import { formatFigure, formatMs, formatShare } from '../core/format';

/** One figure of a measured run, as plots, tables and comparisons show it. */
export interface Figure {
  /** As in the CSV. */
  readonly name: string;
  readonly label: string;
  /** Empty for a share. */
  readonly unit: string;
  readonly kind: 'rate' | 'ms' | 'share' | 'count';
  /** Which way is an improvement; null where it depends. */
  readonly better: 'more' | 'less' | null;
  readonly of: (summary: RunSummary) => number | null;
}

const lostShare = ({ requests, ok }: RunSummary) => (requests > 0 ? 1 - ok / requests : null);

/** Every figure that can be drawn or compared. */
export const FIGURES = {
  throughput: {
    name: 'throughput_rps',
    label: 'Throughput',
    unit: 'requests/s',
    kind: 'rate',
    better: 'more',
    of: (summary) => summary.throughput_rps,
  },
  tokens: {
    name: 'throughput_tps',
    label: 'Token throughput',
    unit: 'tokens/s',
    kind: 'rate',
    better: 'more',
    of: (summary) => summary.throughput_tps,
  },
  goodput: {
    name: 'goodput_rps',
    label: 'Goodput',
    unit: 'requests/s',
    kind: 'rate',
    better: 'more',
    of: (summary) => summary.goodput_rps,
  },
  p50: {
    name: 'p50_ms',
    label: 'Latency p50',
    unit: 'ms',
    kind: 'ms',
    better: 'less',
    of: (summary) => summary.latency_ms?.p50 ?? null,
  },
  p95: {
    name: 'p95_ms',
    label: 'Latency p95',
    unit: 'ms',
    kind: 'ms',
    better: 'less',
    of: (summary) => summary.latency_ms?.p95 ?? null,
  },
  p99: {
    name: 'p99_ms',
    label: 'Latency p99',
    unit: 'ms',
    kind: 'ms',
    better: 'less',
    of: (summary) => summary.latency_ms?.p99 ?? null,
  },
  ttft: {
    name: 'ttft_p95_ms',
    label: 'TTFT p95',
    unit: 'ms',
    kind: 'ms',
    better: 'less',
    of: (summary) => summary.ttft_ms?.p95 ?? null,
  },
  fill: {
    name: 'mean_batch_fill',
    label: 'Mean batch fill',
    unit: 'requests',
    kind: 'count',
    better: null,
    of: (summary) => summary.mean_batch_fill,
  },
  wasted: {
    name: 'wasted_token_share',
    label: 'Wasted tokens',
    unit: '',
    kind: 'share',
    better: 'less',
    of: (summary) => summary.wasted_token_share,
  },
  stale: {
    name: 'stale_dropped',
    label: 'Stale members dropped',
    unit: 'requests',
    kind: 'count',
    better: 'less',
    of: (summary) => summary.stale_dropped,
  },
  lost: {
    name: 'lost_share',
    label: 'Not completed',
    unit: '',
    kind: 'share',
    better: 'less',
    of: lostShare,
  },
} as const satisfies Record<string, Figure>;

/** `Latency p95, ms`: a figure as the title of an axis. */
export const axisTitle = ({ label, unit }: { readonly label: string; readonly unit: string }) =>
  unit === '' ? label : `${label}, ${unit}`;

/** A value of it as it reads, without the unit. */
export function showFigure({ kind }: Pick<Figure, 'kind'>, value: number | null): string {
  switch (kind) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'rate':
    case 'count':
      return formatFigure(value);
  }
}
