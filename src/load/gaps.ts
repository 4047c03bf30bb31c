import type { Rng } from '../core/rng';

/**
 * Gaps between arrivals as multiples of the mean gap: mean 1, no unit. The rate is laid over them outside, so changing
 * it keeps the stream.
 */
export type Gaps = () => number;

/** Exponential gaps: arrivals that know nothing of each other. */
export function poissonGaps(rng: Rng): Gaps {
  return () => -Math.log1p(-rng.uniform());
}
