import type { SeriesPoint } from '../../store/series';

/** One quantity over time: a colour and a stroke that tell it apart without the colour. */
export interface TimeLine {
  readonly key: Exclude<keyof SeriesPoint, 'at'>;
  readonly label: string;
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly filled?: boolean;
}

export const LATENCY_LINES: readonly TimeLine[] = [
  { key: 'p50Ms', label: 'p50', color: 'var(--hw-low)', width: 1.5 },
  { key: 'p95Ms', label: 'p95', color: 'var(--hw-accent)', width: 2.25 },
  { key: 'p99Ms', label: 'p99', color: 'var(--hw-high)', width: 1.5, dash: '4 3' },
];

export const THROUGHPUT_LINES: readonly TimeLine[] = [
  { key: 'completedRps', label: 'completed', color: 'var(--hw-accent)', width: 2.25 },
  { key: 'lostRps', label: 'lost', color: 'var(--hw-lost)', width: 1.75, dash: '4 3' },
];

export const QUEUE_LINES: readonly TimeLine[] = [
  { key: 'queueDepth', label: 'queued', color: 'var(--hw-accent)', width: 1.75, filled: true },
  { key: 'inFlight', label: 'in flight', color: 'var(--hw-low)', width: 1.5, dash: '4 3' },
];
