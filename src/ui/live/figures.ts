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
    read: (s) => formatFigure(s.throughputRps),
  },
  {
    label: 'Output tokens',
    unit: 'tok/s',
    definition: 'Output tokens in the window, divided by its length.',
    read: (s) => formatFigure(s.throughputTps),
    early: (e) => formatFigure(e.outputTps),
  },
  {
    label: 'E2E p50',
    unit: 'ms',
    definition:
      'End-to-end latency: half of the completed requests were faster. From when the request was due to its last token.',
    read: (s) => formatMs(s.latency?.p50),
  },
  {
    label: 'E2E p95',
    unit: 'ms',
    definition: 'End-to-end latency: 95 of 100 completed requests were faster.',
    read: (s) => formatMs(s.latency?.p95),
    more: ({ latencyP95Interval: interval }) =>
      interval &&
      `If requests did not depend on each other, it would be ${formatInterval(interval)} ms with 95 % confidence.`,
    slo: (s, limitMs) => (s.latency ? (s.latency.p95 <= limitMs ? 'met' : 'missed') : null),
  },
  {
    label: 'E2E p99',
    unit: 'ms',
    definition: 'End-to-end latency: 99 of 100 completed requests were faster.',
    read: (s) => formatMs(s.latency?.p99),
    more: ({ latencyP999 }) => (latencyP999 === null ? null : `p99.9 is ${formatMs(latencyP999)} ms.`),
    doubt: (s) =>
      s.latency && s.latency.count < FEWEST_FOR_P99
        ? `It rests on ${s.latency.count} completions; below ${FEWEST_FOR_P99} it is greyed, since it is then just one of the slowest few.`
        : null,
  },
  {
    label: 'TTFT p95',
    unit: 'ms',
    definition: 'Time to first token: from when the request was due to its first token, 95th percentile.',
    read: (s) => formatMs(s.ttft?.p95),
    early: (e) => formatMs(e.ttftMs),
  },
  {
    label: 'TPOT p50',
    unit: 'ms',
    definition:
      'Time per output token: of one request, from its first token to its last, divided by the tokens after the first; the median over requests.',
    read: (s) => formatMs(s.tpot?.p50),
    early: (e) => formatMs(e.itlMs),
  },
  {
    label: 'Goodput',
    unit: 'req/s',
    definition:
      'Completed requests per second that met every objective that is set. Without an objective there is none.',
    read: (s) => formatFigure(s.goodputRps),
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
    read: (s) => formatFigure(s.meanBatchFill),
  },
  {
    label: 'Wasted',
    unit: '',
    definition:
      'Decoded rows that no request needed (padding after an answer had ended, or clients that went away), as a share of all decoded rows.',
    read: (s) => formatShare(s.wastedTokenShare),
  },
  {
    label: 'Send lag',
    unit: 'ms',
    definition: `Median of sent minus scheduled. Over ${SEND_LAG_LIMIT_MS} ms the generator, not the server, is the bottleneck.`,
    read: (s) => formatMs(s.sendLagMs),
  },
  {
    label: 'Little’s law',
    unit: '',
    definition:
      'Error of the law: |mean in flight − throughput × mean time in the system| / mean in flight. A check of the measurement itself; 0 in a steady state.',
    read: (s) => formatShare(s.littlesLawError),
  },
];
