import type { Draw } from './draw';
import { weightOf } from './weight';

const NEGATIVE_ZERO = 0x8000_0000;
const INFINITE = 0x7f80_0000;

/** Of each token: the bits of its logit, turned so that the highest logit is the lowest number, and its weight. */
interface Tokens {
  readonly orders: Uint32Array;
  readonly weights: Uint32Array;
}

/**
 * Draws a token on the CPU, as `Draw` says. What the GPU draws is held against this.
 * @param logits of one row, at most 2²², so that a double holds the sum of their weights; no number counts as the lowest
 */
export function drawToken(logits: Float32Array, { scale, topK, topP, uniform }: Draw): number {
  const tokens = tokensOf(logits, scale);
  // Tokens without weight come last of all ranks, so no cut and no draw depends on them.
  let kept = pick(allIds(logits.length), (id) => tokens.weights[id] !== 0);
  if (topK > 0 && topK < kept.length) kept = until(byRank(topK, kept, tokens, false), kept, tokens);
  if (topP > 0) {
    const wanted = Math.max(1, share(weightOfAll(kept, tokens), topP));
    kept = until(byRank(wanted, kept, tokens, true), kept, tokens);
  }
  return byId(share(weightOfAll(kept, tokens), uniform) + 1, kept, tokens, true);
}

function tokensOf(logits: Float32Array, scale: number): Tokens {
  const bits = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
  const highest = highestOf(logits);
  const [orders, weights] = [new Uint32Array(logits.length), new Uint32Array(logits.length)];
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    orders[id] = orderOf(bits[id] as number);
    weights[id] = weightOf(logit === highest ? 0 : Math.fround(highest - logit), scale);
  }
  return { orders, weights };
}

/** Passes over what is no number, which `Math.max` does not. */
function highestOf(logits: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > highest) highest = logit;
  return highest;
}

function orderOf(bits: number): number {
  if ((bits & 0x7fff_ffff) > INFINITE) return 0xffff_ffff;
  const float = bits === NEGATIVE_ZERO ? 0 : bits;
  return (float & NEGATIVE_ZERO ? float : ~float & 0x7fff_ffff) >>> 0;
}

/**
 * The token at which a running sum in rank order, of ones or of weights, reaches `target`. It is found a byte of the order
 * at a time: a histogram of the sum over the byte's values, and a walk along it.
 * @param ids ascending
 */
function byRank(target: number, ids: Uint32Array, { orders, weights }: Tokens, byWeight: boolean): number {
  let left = target;
  let among = ids;
  const bins = new Float64Array(256);
  for (let shift = 24; shift >= 0 && among.length > 1; shift -= 8) {
    const byteOf = (id: number) => ((orders[id] as number) >>> shift) & 255;
    bins.fill(0);
    for (const id of among) {
      const byte = byteOf(id);
      bins[byte] = (bins[byte] as number) + (byWeight ? (weights[id] as number) : 1);
    }
    let found = 0;
    while (found < 255 && (bins[found] as number) < left) left -= bins[found++] as number;
    among = pick(among, (id) => byteOf(id) === found);
  }
  // What is left has one and the same logit, and its rank is by its id.
  return byId(left, among, { orders, weights }, byWeight);
}

/** The same in the order of ids. */
function byId(target: number, ids: Uint32Array, { weights }: Tokens, byWeight: boolean): number {
  let left = target;
  for (const id of ids) {
    left -= byWeight ? (weights[id] as number) : 1;
    if (left <= 0) return id;
  }
  return 0;
}

/** Those of the ids that do not come after the last one in rank order. */
function until(last: number, ids: Uint32Array, { orders }: Tokens): Uint32Array {
  const limit = orders[last] as number;
  return pick(ids, (id) => (orders[id] as number) < limit || (orders[id] === limit && id <= last));
}

/** A typed array's own `filter` takes several times as long. */
function pick(ids: Uint32Array, wanted: (id: number) => boolean): Uint32Array {
  const picked = new Uint32Array(ids.length);
  let count = 0;
  for (const id of ids) if (wanted(id)) picked[count++] = id;
  return picked.subarray(0, count);
}

function allIds(count: number): Uint32Array {
  const ids = new Uint32Array(count);
  for (let id = 0; id < count; id++) ids[id] = id;
  return ids;
}

function weightOfAll(ids: Uint32Array, { weights }: Tokens): number {
  let total = 0;
  for (const id of ids) total += weights[id] as number;
  return total;
}

/** `total · fraction / 2³²`, rounded down; the product needs more bits than a double has. */
const share = (total: number, fraction: number): number => Number((BigInt(total) * BigInt(fraction)) >> 32n);
