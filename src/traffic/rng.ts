import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Rng } from '../core/clock';
import { fnv1a, mixed } from '../core/hash';

/**
 * A seeded stream (xoroshiro128+). Forks are named, and a fork depends on the seed and its name alone, never on how
 * many numbers were drawn before: adding a purpose does not shift the others.
 */
export function createRng(seed: number): Rng {
  return fromPath(String(seed));
}

function fromPath(path: string): Rng {
  const generator = xoroshiro128plusFromState(stateOf(path));
  return {
    uniform: () => uniformFloat64(generator),
    fork: (purpose) => fromPath(`${path}/${purpose}`),
  };
}

/** 128 bits from a text: its hash with four offsets, each finished so that near seeds part at once. */
const stateOf = (text: string): readonly number[] =>
  [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((offset) => mixed(fnv1a(text, offset)));
