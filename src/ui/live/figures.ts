import { FEWEST_FOR_P99 } from '../../metrics/percentiles';
import type { HeadlineFigures } from '../../store/app-state';
import { formatFigure, formatInterval, formatMs, formatShare, formatWhole } from '../../store/format';
import { SEND_LAG_LIMIT_MS } from '../../traffic/send-lag';

/** One figure of the headline: how it reads, and what it means, in the words of the measurement definitions. */
export interface Figure {
  readonly label: string;
  readonly unit: string;
  readonly definition: string;
  read(snapshot: HeadlineFigures): string;
  /** A sentence on what lies around the figure. */
  more?(snapshot: HeadlineFigures): string | null;
  /** A sentence when the figure rests on too little to be trusted; it is greyed then. */
  doubt?(snapshot: HeadlineFigures): string | null;
}

export const MAIN_FIGURES: readonly Figure[] = [
  {
    label: 'Throughput',
    unit: 'req/s',
    definition: 'Completed requests in the window, divided by its length.',
    read: (s) => formatFigure(s.throughputRps),
  },
  {
    label: 'Tokens',
    unit: 'tok/s',
    definition: 'Output tokens written in the window, divided by its length.',
    read: (s) => formatFigure(s.throughputTps),
  },
  {
    label: 'Latency p50',
    unit: 'ms',
    definition:
      'Half of the completed requests were faster. From when the request was due (open loop) or sent (closed loop) to its last token.',
    read: (s) => formatMs(s.latency?.p50),
  },
  {
    label: 'p95',
    unit: 'ms',
    definition: '95 of 100 completed requests were faster. Same stamps as p50.',
    read: (s) => formatMs(s.latency?.p95),
    more: ({ latencyP95Interval: interval }) =>
      interval &&
      `If requests did not depend on each other, it would be ${formatInterval(interval)} ms with 95 % confidence.`,
  },
  {
    label: 'p99',
    unit: 'ms',
    definition: '99 of 100 completed requests were faster. Same stamps as p50.',
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
    definition:
      'Time to first token: from when the request was due or sent to its first token, 95th percentile.',
    read: (s) => formatMs(s.ttft?.p95),
  },
  {
    label: 'Goodput',
    unit: 'req/s',
    definition:
      'Completed requests per second that met every objective that is set. Without an objective there is none.',
    read: (s) => formatFigure(s.goodputRps),
  },
  {
    label: 'Met SLO',
    unit: '',
    definition: 'Share of the offered requests that completed and met every objective that is set.',
    read: (s) => formatShare(s.sloAttainment),
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
    label: 'Queue',
    unit: '',
    definition: 'Waiting in the server’s queue, now.',
    read: (s) => formatWhole(s.queueDepth),
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
      'Decoded rows that nobody was waiting for, such as members that had already finished, over all decoded rows.',
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
