import type { Rng } from '../core/clock';
import type { ExperimentRun, MeasuredUnit, PlannedPoint } from '../core/experiment';
import type { RequestRecord } from '../core/request-record';
import { middleOf, nearestRank } from '../metrics/percentiles';
import { latencyOf } from '../metrics/timings';
import { createRng } from '../traffic/rng';
import { FIGURES, type Figure, medianSummary } from './figures';

/** A point of a run: one side of a comparison. */
export interface Side {
  readonly run: ExperimentRun;
  readonly point: PlannedPoint;
}

const unitsOf = ({ run, point }: Side): readonly MeasuredUnit[] =>
  run.units
    .filter((unit) => unit.point === point.id && unit.records.length > 0)
    .toSorted((a, b) => a.repeat - b.repeat);

/** Repeats that both sides have, each with its two units. */
function repeatsOf(a: Side, b: Side): readonly (readonly [MeasuredUnit, MeasuredUnit])[] {
  const others = unitsOf(b);
  return unitsOf(a).flatMap((unit) => {
    const other = others.find(({ repeat }) => repeat === unit.repeat);
    return other ? [[unit, other] as const] : [];
  });
}

/**
 * Whether both sides met the same requests, repeat by repeat: as many of them, and the n-th with a prompt of the same
 * length for the same number of answers. Then they compare request by request.
 */
function metSameRequests(a: Side, b: Side): boolean {
  const repeats = repeatsOf(a, b);
  const seeds = a.run.seed === b.run.seed && a.point.load.outputTokens === b.point.load.outputTokens;
  return seeds && repeats.length > 0 && repeats.every(([left, right]) => alike(left.records, right.records));
}

const alike = (a: readonly RequestRecord[], b: readonly RequestRecord[]) =>
  a.length === b.length &&
  a.every((record, i) => {
    const other = b[i];
    return (
      other?.id === record.id &&
      other.promptTokens === record.promptTokens &&
      other.sequences === record.sequences
    );
  });

/** 95 % of the resamples' differences lie within it. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Requests drawn over all resamples and both sides, so that a large run takes no longer than a small one. */
const DRAWN = 1_000_000;
const [FEWEST_RESAMPLES, MOST_RESAMPLES] = [200, 1000];

/** A repeat's latencies in the order of sending, ms; NaN for a request that was not completed. */
type Sample = Float64Array;

/**
 * Intervals of the difference b − a of latency percentiles, by bootstrap in two stages: repeats are drawn with
 * replacement, and in each of them blocks of √n consecutive requests, since neighbours wait in one queue and are not
 * independent; of each resample the figure is the median over its repeats, as it is reported. With `paired`, both sides
 * get the same draws, so that what the requests themselves bring in cancels.
 * @returns one per percent asked for; null where a side completed nothing
 */
export function latencyIntervals(
  a: Side,
  b: Side,
  percents: readonly number[],
  paired: boolean,
): readonly (Interval | null)[] {
  const [left, right] = [samplesOf(a), samplesOf(b)];
  const count = [...left, ...right].reduce((sum, sample) => sum + sample.length, 0);
  if (left.every(isEmpty) || right.every(isEmpty)) return percents.map(() => null);
  const resamples = Math.min(MOST_RESAMPLES, Math.max(FEWEST_RESAMPLES, Math.floor(DRAWN / count)));
  const differences = percents.map(() => new Float64Array(resamples));
  for (let i = 0; i < resamples; i++) {
    // The same stream for both sides draws the same repeats and blocks for both.
    const before = resampled(left, percents, createRng(i).fork('left'));
    const after = resampled(right, percents, createRng(i).fork(paired ? 'left' : 'right'));
    differences.forEach((of, p) => {
      of[i] = (after[p] ?? Number.NaN) - (before[p] ?? Number.NaN);
    });
  }
  return differences.map((of) => {
    const known = of.filter((difference) => !Number.isNaN(difference)).sort();
    return known.length === 0 ? null : { low: nearestRank(known, 2.5), high: nearestRank(known, 97.5) };
  });
}

const isEmpty = (sample: Sample) => sample.every(Number.isNaN);

function samplesOf(side: Side): readonly Sample[] {
  return unitsOf(side).map(({ records }) =>
    Float64Array.from(records, (record) =>
      record.outcome === 'completed' ? (latencyOf(record) ?? Number.NaN) : Number.NaN,
    ),
  );
}

/** Each percentile of one resample: the median over the repeats that were drawn. */
function resampled(samples: readonly Sample[], percents: readonly number[], rng: Rng): readonly number[] {
  const drawn = samples.map(() => {
    const sample = samples[Math.floor(rng.uniform() * samples.length)] ?? new Float64Array();
    return blocksOf(sample, rng);
  });
  return percents.map((percent) => medianOf(drawn.map((latencies) => nearestRank(latencies, percent))));
}

/** A resample of the same size, drawn in blocks: the latencies of its completed requests, ascending. */
function blocksOf(sample: Sample, rng: Rng): Sample {
  const length = sample.length;
  const block = Math.ceil(Math.sqrt(length));
  const drawn = new Float64Array(length);
  for (let filled = 0; filled < length; filled += block) {
    const start = Math.floor(rng.uniform() * length);
    for (let i = 0; i < block && filled + i < length; i++) {
      drawn[filled + i] = sample[(start + i) % length] ?? Number.NaN;
    }
  }
  drawn.sort();
  // NaN is sorted to the end.
  let completed = length;
  while (completed > 0 && Number.isNaN(drawn[completed - 1])) completed -= 1;
  return drawn.subarray(0, completed);
}

const medianOf = (values: readonly number[]) =>
  middleOf(values.filter((value) => !Number.isNaN(value))) ?? Number.NaN;

interface RepeatInterval extends Interval {
  /** Exact probability that the interval contains the true median difference, for any distribution. */
  readonly confidence: number;
}

const ENOUGH = 0.95;

/**
 * The interval of the difference b − a of a figure that a whole repeat gives once, such as throughput, from order
 * statistics. `paired`: of the repeats' own differences; each lies above the true median by even chance, so the outermost
 * hold it with 1 − 2^(1−n), and where there are more than needed for 95 % some of the outermost are left out. Else: from
 * the lowest to the highest of all differences; in n!·m!/(n+m)! of all orders one side lies wholly below the other.
 * @returns null below two repeats
 */
export function repeatInterval(a: Side, b: Side, figure: Figure, paired: boolean): RepeatInterval | null {
  return paired ? pairedInterval(a, b, figure) : unpairedInterval(a, b, figure);
}

function pairedInterval(a: Side, b: Side, figure: Figure): RepeatInterval | null {
  const differences = repeatsOf(a, b)
    .flatMap(([left, right]) => {
      const [before, after] = [figure.of(left.summary), figure.of(right.summary)];
      return before === null || after === null ? [] : after - before;
    })
    .toSorted((x, y) => x - y);
  const count = differences.length;
  let missed = 2 ** -count;
  let outside = 0;
  for (let chance = missed; 2 * (outside + 1) < count; outside++) {
    chance *= (count - outside) / (outside + 1);
    if (1 - 2 * (missed + chance) < ENOUGH) break;
    missed += chance;
  }
  return between(differences[outside], differences[count - 1 - outside], count < 2 ? 0 : 1 - 2 * missed);
}

function unpairedInterval(a: Side, b: Side, figure: Figure): RepeatInterval | null {
  const values = (side: Side) =>
    unitsOf(side)
      .map(({ summary }) => figure.of(summary))
      .filter((value) => value !== null);
  const [left, right] = [values(a), values(b)];
  if (left.length < 2 || right.length < 2) return null;
  const orders = left.reduce((product, _, i) => (product * (right.length + i + 1)) / (i + 1), 1);
  return between(
    Math.min(...right) - Math.max(...left),
    Math.max(...right) - Math.min(...left),
    1 - 2 / orders,
  );
}

const between = (
  low: number | undefined,
  high: number | undefined,
  confidence: number,
): RepeatInterval | null =>
  low === undefined || high === undefined || confidence <= 0 ? null : { low, high, confidence };

/** One figure on both sides. */
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

/** Whether the interval decides which side is better; null for a figure that is neither better high nor low. */
export function verdictOf({ figure, interval }: Difference): Verdict | null {
  if (interval?.low === 0 && interval.high === 0) return 'equal';
  if (figure.better === null) return null;
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return 'open';
  return interval.low > 0 === (figure.better === 'more') ? 'better' : 'worse';
}
