import { FIGURES, type Figure } from '../figures';
import { medianSummary } from '../median-summary';
import { latencyIntervals } from './latency-differences';
import { type RepeatInterval, repeatInterval } from './repeat-differences';
import { metSameRequests, type Side, unitsOf } from './side';

/** What one figure is on both sides. */
export interface Difference {
  readonly figure: Figure;
  /** Medians of the repeats. */
  readonly a: number | null;
  readonly b: number | null;
  /** Of b − a. Null where there are too few repeats to bound it. */
  readonly interval: RepeatInterval | null;
}

export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  /** Whether both met the same requests, so that they were compared request by request and repeat by repeat. */
  readonly paired: boolean;
  readonly differences: readonly Difference[];
}

const LATENCIES = [
  { figure: FIGURES.p50, percent: 50 },
  { figure: FIGURES.p95, percent: 95 },
  { figure: FIGURES.p99, percent: 99 },
] as const;

const BY_REPEAT: readonly Figure[] = [
  FIGURES.throughput,
  FIGURES.goodput,
  FIGURES.fill,
  FIGURES.wasted,
  FIGURES.lost,
];

/**
 * The differences b − a. Of the latencies: bootstrap over requests, 95 %. Of the other figures: exact, over repeats, with
 * the confidence that so many repeats can give. Null where a side has nothing measured.
 */
export function compare(a: Side, b: Side): Comparison | null {
  const [left, right] = [unitsOf(a), unitsOf(b)];
  if (left.length === 0 || right.length === 0) return null;
  const before = medianSummary(left.map(({ summary }) => summary));
  const after = medianSummary(right.map(({ summary }) => summary));
  const paired = metSameRequests(a, b);
  const intervals = latencyIntervals(
    a,
    b,
    LATENCIES.map(({ percent }) => percent),
    paired,
  );
  const ofLatency = LATENCIES.map(({ figure }, i) => {
    const interval = intervals[i];
    return { figure, interval: interval ? { ...interval, confidence: 0.95 } : null };
  });
  const ofRepeats = BY_REPEAT.map((figure) => ({ figure, interval: repeatInterval(a, b, figure, paired) }));
  const all = [...ofRepeats.slice(0, 1), ...ofLatency, ...ofRepeats.slice(1)];
  return {
    a,
    b,
    paired,
    differences: all
      .map(({ figure, interval }) => ({ figure, a: figure.of(before), b: figure.of(after), interval }))
      .filter((difference) => difference.a !== null || difference.b !== null),
  };
}

export type Verdict = 'better' | 'worse' | 'open' | 'equal';

/** Whether the interval leaves no doubt which side is better; null where the figure is neither better high nor low. */
export function verdictOf({ figure, interval }: Difference): Verdict | null {
  if (interval?.low === 0 && interval.high === 0) return 'equal';
  if (figure.better === null) return null;
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return 'open';
  return interval.low > 0 === (figure.better === 'more') ? 'better' : 'worse';
}
