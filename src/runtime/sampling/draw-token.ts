import type { Draw } from './draw';
import { weightOf } from './weight';

/** Ranks are whole numbers that a double holds exactly: 32 bits of the logit, then the token id. */
const IDS = 2 ** 21;

const NEGATIVE_ZERO = 0x8000_0000;
const INFINITE = 0x7f80_0000;

/**
 * Draws a token on the CPU, as `Draw` says. What the GPU draws is held against this.
 * @param logits of one row, at most 2²¹; one that is no number counts as the lowest
 */
export function drawToken(logits: Float32Array, { scale, topK, topP, uniform }: Draw): number {
  const bits = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
  const highest = highestOf(logits);
  // Tokens without weight come last of all ranks, and are never drawn: they need not be ranked.
  const ranks = new Float64Array(logits.length);
  let ranked = 0;
  for (let id = 0; id < logits.length; id++) {
    if (weightAt(logits[id] as number, highest, scale) > 0) {
      ranks[ranked++] = orderOf(bits[id] as number) * IDS + id;
    }
  }
  const ids = ranks.subarray(0, ranked).sort();
  const tokenAt = (rank: number): number => (ids[rank] ?? 0) % IDS;
  const weights = Float64Array.from(ids, (_, rank) =>
    weightAt(logits[tokenAt(rank)] as number, highest, scale),
  );

  const first = topK > 0 ? weights.subarray(0, topK) : weights;
  const kept = topP > 0 ? first.subarray(0, reach(first, Math.max(1, share(sum(first), topP))) + 1) : first;
  return tokenAt(reach(kept, share(sum(kept), uniform) + 1));
}

/** Passes over what is no number, which `Math.max` does not. */
function highestOf(logits: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > highest) highest = logit;
  return highest;
}

function weightAt(logit: number, highest: number, scale: number): number {
  return weightOf(logit === highest ? 0 : Math.fround(highest - logit), scale);
}

/** Ascending from the highest float to the lowest; what is no number comes last. */
function orderOf(bits: number): number {
  if ((bits & 0x7fff_ffff) > INFINITE) return 0xffff_ffff;
  const float = bits === NEGATIVE_ZERO ? 0 : bits;
  return (float & NEGATIVE_ZERO ? float : ~float & 0x7fff_ffff) >>> 0;
}

const sum = (weights: Float64Array): number => weights.reduce((total, weight) => total + weight, 0);

/** The index at which the running sum reaches `target`. */
function reach(weights: Float64Array, target: number): number {
  let total = 0;
  const index = weights.findIndex((weight) => {
    total += weight;
    return total >= target;
  });
  return Math.max(0, index);
}

/** `total · fraction / 2³²`, rounded down; the product needs more bits than a double has. */
const share = (total: number, fraction: number): number => Number((BigInt(total) * BigInt(fraction)) >> 32n);
