import type { Intervals, Percentiles } from '../core/figures';
import { percentileInterval } from './percentile-interval';

/** The nearest rank: the smallest value that at least `percent` % of the sample do not exceed. @param sorted not empty, ascending */
export function nearestRank(sorted: ArrayLike<number>, percent: number): number {
  // 0.95 × 20 is 19.000000000000004 in floating point, which must not become rank 20.
  const rank = Math.ceil((percent * sorted.length) / 100 - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** Below so many values a p99 is one of the few slowest, and a p99.9 is just the slowest. */
export const FEWEST_FOR_P99 = 600;
export const FEWEST_FOR_P999 = 1000;

/** Exact, from the whole sample. @returns null for an empty sample */
export function percentilesOf(sample: Iterable<number>): Percentiles | null {
  const sorted = Float64Array.from(sample).sort();
  if (sorted.length === 0) return null;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p50: nearestRank(sorted, 50), p95: nearestRank(sorted, 95), p99: nearestRank(sorted, 99) };
}

/** 95 % confidence intervals of the percentiles. @returns null for an empty sample */
export function intervalsOf(sample: Iterable<number>): Intervals | null {
  const sorted = Float64Array.from(sample).sort();
  const of = (percent: number) => percentileInterval(sorted, percent);
  return sorted.length === 0 ? null : { p50: of(50), p95: of(95), p99: of(99) };
}

/** The value in the middle; of two in the middle, their mean. @returns null for an empty sample */
export function middleOf(sample: readonly number[]): number | null {
  const sorted = sample.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The nearest rank of 50 %. @returns null for an empty sample */
export function medianOf(sample: Iterable<number>): number | null {
  const sorted = Float64Array.from(sample).sort();
  return sorted.length === 0 ? null : nearestRank(sorted, 50);
}
