import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Rng } from '../core/clock';

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

/** 128 bits from a text: FNV-1a with four offsets, each finished by murmur3's mixer so that near seeds part at once. */
function stateOf(text: string): readonly number[] {
  return [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((offset) => {
    let hash = offset;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return mix(hash);
  });
}

function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
