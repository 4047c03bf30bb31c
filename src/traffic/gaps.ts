import { randomGamma } from 'd3-random';
import type { Rng } from '../core/clock';

/**
 * Gaps between arrivals as multiples of the mean gap: mean 1, no unit. The rate is laid over them outside, so changing
 * it keeps the stream.
 */
export type Gaps = () => number;

export const evenGaps: Gaps = () => 1;

/**
 * Gamma-distributed gaps. Their coefficient of variation is 1 / √burstiness. At 1 they are exponential, arrivals that know
 * nothing of each other (Poisson); below, many are short and a few are long.
 */
export function gammaGaps(burstiness: number, rng: Rng): Gaps {
  return randomGamma.source(() => rng.uniform())(burstiness, 1 / burstiness);
}
