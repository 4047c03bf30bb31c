import type { Rng } from '../core/clock';

/**
 * Seeds for the sampling of requests, 32 bits each. The n-th depends on the load's seed and n alone, so that two policies
 * are asked for the same draws.
 * @param rng forked here
 */
export function requestSeeds(rng: Rng): () => number {
  const stream = rng.fork('sampling');
  return () => Math.floor(stream.uniform() * 2 ** 32);
}
