import type { Interval, Percentiles } from '../core/figures';

/** The nearest rank: the smallest value that at least `percent` % of the sample do not exceed. @param sorted not empty, ascending */
export function nearestRank(sorted: ArrayLike<number>, percent: number): number {
  return sorted[rankOf(sorted.length, percent) - 1] ?? Number.NaN;
}

/** Of so many values, from 1. */
function rankOf(count: number, percent: number): number {
  // 0.95 × 20 is 19.000000000000004 in floating point, which must not become rank 20.
  return Math.min(count, Math.max(1, Math.ceil((percent * count) / 100 - 1e-9)));
}

/** Arrays are copied as they are: through their iterator it would take several times as long. */
const sortedOf = (sample: Iterable<number>): Float64Array =>
  (Array.isArray(sample) ? new Float64Array(sample) : Float64Array.from(sample)).sort();

/** Below so many values a p99 is one of the few slowest, and a p99.9 is just the slowest. */
export const FEWEST_FOR_P99 = 600;
export const FEWEST_FOR_P999 = 1000;

/** Exact, from the whole sample. @returns null for an empty sample */
export function percentilesOf(sample: Iterable<number>): Percentiles | null {
  const sorted = sortedOf(sample);
  if (sorted.length === 0) return null;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p50: nearestRank(sorted, 50), p95: nearestRank(sorted, 95), p99: nearestRank(sorted, 99) };
}

/** The value in the middle; of two in the middle, their mean. @returns null for an empty sample */
export function middleOf(sample: readonly number[]): number | null {
  const sorted = sample.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The nearest rank of 50 %. @returns null for an empty sample */
export function medianOf(sample: Iterable<number>): number | null {
  const sorted = sortedOf(sample);
  return sorted.length === 0 ? null : nearestRank(sorted, 50);
}

/** What is allowed to be missed on each side: 95 % in all. */
const MISSED = 0.025;

/**
 * The 95 % confidence interval of a percentile, exact and whatever the distribution: of independent values as many lie
 * below the true percentile as a binomial draw says, so two values of the sorted sample bound it.
 * @param sorted ascending
 * @returns null below 6 values for p50, 72 for p95, 368 for p99: then even the highest may lie below the true percentile
 */
export function percentileInterval(sorted: ArrayLike<number>, percent: number): Interval | null {
  const ranks = intervalRanks(sorted.length, percent);
  const at = (rank: number) => sorted[rank - 1] ?? Number.NaN;
  return ranks && [at(ranks[0]), at(ranks[1])];
}

/**
 * Ranks from 1: the highest lower one and the lowest upper one with P(below < lower) and P(below ≥ upper) at most 2.5 %,
 * where `below` is binomial of `count` draws and `percent` %. Null where there is none.
 */
export function intervalRanks(count: number, percent: number): readonly [number, number] | null {
  const share = percent / 100;
  const step = Math.log(share) - Math.log1p(-share);
  // In logarithms, since (1 − share)^count is below what a number can hold.
  let logChance = count * Math.log1p(-share);
  let lower = 0;
  let notAbove = 0;
  for (let below = 0; below < count; below++) {
    notAbove += Math.exp(logChance);
    if (notAbove <= MISSED) lower = below + 1;
    if (notAbove >= 1 - MISSED) return lower > 0 ? [lower, below + 1] : null;
    logChance += Math.log((count - below) / (below + 1)) + step;
  }
  return null;
}

/** What holds all of them: from the lowest low to the highest high. Null if one of them is, or there is none. */
export function envelope(intervals: readonly (Interval | null)[]): Interval | null {
  const known = intervals.filter((interval) => interval !== null);
  if (known.length === 0 || known.length < intervals.length) return null;
  return [Math.min(...known.map(([low]) => low)), Math.max(...known.map(([, high]) => high))];
}

/** 97.5 % quantiles of Student's t for 1 … 10 degrees of freedom; of more they are smaller. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * The 95 % confidence interval of a figure that each of several runs gave once, from how far these are apart: what a
 * machine that is faster at one time than at another does to it, no run's own sample can know.
 * @returns null for less than two; not below 0
 */
export function acrossRuns(figures: readonly number[]): Interval | null {
  const count = figures.length;
  if (count < 2) return null;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / count;
  const variance = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / (count - 1);
  const reach = (STUDENT[Math.min(count - 1, STUDENT.length) - 1] ?? 0) * Math.sqrt(variance / count);
  return [Math.max(0, mean - reach), mean + reach];
}
