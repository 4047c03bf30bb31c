import type { LiveSnapshot } from '../../core/figures';
import { FEWEST_FOR_P99 } from '../../metrics/percentiles';
import type { EarlyFigures } from '../../store/app-state';
import { formatFigure, formatInterval, formatMs, formatShare, formatWhole } from '../../store/format';
import { SEND_LAG_LIMIT_MS } from '../../traffic/send-lag';

/** One figure of the headline: how it reads, and what it means, in the words of the measurement definitions. */
export interface Figure {
  readonly label: string;
  readonly unit: string;
  readonly definition: string;
  read(snapshot: LiveSnapshot): string;
  /** As far as answers under way tell it, until the first is complete. */
  early?(figures: EarlyFigures): string;
  /** A sentence on what lies around the figure. */
  more?(snapshot: LiveSnapshot): string | null;
  /** A sentence when the figure rests on too little to be trusted; it is greyed then. */
  doubt?(snapshot: LiveSnapshot): string | null;
  /** Whether it is within the objective of latency p95, ms; null where it was not measured. */
  slo?(snapshot: LiveSnapshot, limitMs: number): 'met' | 'missed' | null;
}

export const MAIN_FIGURES: readonly Figure[] = [
  {
    label: 'Requests',
    unit: 'req/s',
    definition: 'Throughput: completed requests in the window, divided by its length.',
    read: (s) => formatFigure(s.throughput_rps),
  },
  {
    label: 'Output',
    unit: 'tok/s',
    definition: 'Output tokens in the window, divided by its length.',
    read: (s) => formatFigure(s.throughput_tps),
    early: (e) => formatFigure(e.outputTps),
    more: ({ input_tps, total_tps }) =>
      total_tps === null
        ? null
        : `Input ${formatFigure(input_tps)} tok/s, total ${formatFigure(total_tps)} tok/s.`,
  },
  {
    label: 'E2E p50',
    unit: 'ms',
    definition:
      'End-to-end latency: half of the completed requests were faster. From when the request was due to its last token.',
    read: (s) => formatMs(s.latency_ms?.p50),
  },
  {
    label: 'E2E p95',
    unit: 'ms',
    definition: 'End-to-end latency: 95 of 100 completed requests were faster.',
    read: (s) => formatMs(s.latency_ms?.p95),
    more: ({ latency_interval_ms: intervals }) =>
      intervals?.p95
        ? `If requests did not depend on each other, it would be ${formatInterval(intervals.p95)} ms with 95 % confidence.`
        : null,
    slo: (s, limitMs) => (s.latency_ms ? (s.latency_ms.p95 <= limitMs ? 'met' : 'missed') : null),
  },
  {
    label: 'E2E p99',
    unit: 'ms',
    definition: 'End-to-end latency: 99 of 100 completed requests were faster.',
    read: (s) => formatMs(s.latency_ms?.p99),
    more: ({ latency_p999_ms }) =>
      latency_p999_ms === null ? null : `p99.9 is ${formatMs(latency_p999_ms)} ms.`,
    doubt: (s) =>
      s.latency_ms && s.latency_ms.count < FEWEST_FOR_P99
        ? `It rests on ${s.latency_ms.count} completions; below ${FEWEST_FOR_P99} it is greyed, since it is then just one of the slowest few.`
        : null,
  },
  {
    label: 'TTFT p95',
    unit: 'ms',
    definition: 'Time to first token: from when the request was due to its first token, 95th percentile.',
    read: (s) => formatMs(s.ttft_ms?.p95),
    early: (e) => formatMs(e.ttftMs),
  },
  {
    label: 'TPOT p50',
    unit: 'ms',
    definition:
      'Time per output token: of one request, from its first token to its last, divided by the tokens after the first; the median over requests.',
    read: (s) => formatMs(s.tpot_ms?.p50),
    early: (e) => formatMs(e.itlMs),
  },
  {
    label: 'Goodput',
    unit: 'req/s',
    definition:
      'Completed requests per second that met every objective that is set. Without an objective there is none.',
    read: (s) => formatFigure(s.goodput_rps),
  },
];

export const SIDE_FIGURES: readonly Figure[] = [
  {
    label: 'In flight',
    unit: '',
    definition: 'Sent and not yet settled, now.',
    read: (s) => formatWhole(s.inFlight),
  },
  {
    label: 'Batch fill',
    unit: '',
    definition: 'Mean members of a batch when it was dispatched, over the window.',
    read: (s) => formatFigure(s.mean_batch_fill),
  },
  {
    label: 'Wasted',
    unit: '',
    definition:
      'Decoded rows that no request needed (padding after an answer had ended, or clients that went away), as a share of all decoded rows.',
    read: (s) => formatShare(s.wasted_token_share),
  },
  {
    label: 'Send lag',
    unit: 'ms',
    definition: `Median of sent minus scheduled. Over ${SEND_LAG_LIMIT_MS} ms the generator, not the server, is the bottleneck.`,
    read: (s) => formatMs(s.send_lag_ms),
  },
  {
    label: 'Little’s law',
    unit: '',
    definition:
      'Error of the law: |mean in flight − throughput × mean time in the system| / mean in flight. A check of the measurement itself; 0 in a steady state.',
    read: (s) => formatShare(s.littles_law_error),
  },
];
