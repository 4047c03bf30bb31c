/** Halvings, in fractions of 2⁻²⁴, after which nothing is left of a weight of 2³¹. */
const NOTHING_LEFT = 2 ** 29;

const BYTE = 256;

/**
 * What a weight loses, over 2³², by each value of the three bytes of a fraction of a halving: `1 − 2^(−i/2⁸)`, then
 * `1 − 2^(−i/2¹⁶)`, then `1 − 2^(−i/2²⁴)`. Made of square roots and products, which are the same in every browser.
 */
export const LOSSES: Uint32Array<ArrayBuffer> = lossTables();

function lossTables(): Uint32Array<ArrayBuffer> {
  const tables = new Uint32Array(3 * BYTE);
  let root = 0.5;
  for (let table = 0; table < 3; table++) {
    for (let bit = 0; bit < 8; bit++) root = Math.sqrt(root);
    for (let i = 0, left = 1; i < BYTE; i++, left *= root) {
      tables[table * BYTE + i] = Math.round(2 ** 32 * (1 - left));
    }
  }
  return tables;
}

/**
 * `2³¹ · 2^(−distance · scale / 2²⁴)`, rounded down.
 * @param distance the logit's from the highest one, an f32 from 0 on
 */
export function weightOf(distance: number, scale: number): number {
  const halvings = Math.fround(distance * scale);
  if (!(halvings < NOTHING_LEFT)) return 0;
  const fraction = Math.trunc(halvings);
  let weight = 2 ** 31;
  weight -= productHigh(weight, LOSSES[(fraction >>> 16) & 255] as number);
  weight -= productHigh(weight, LOSSES[BYTE + ((fraction >>> 8) & 255)] as number);
  weight -= productHigh(weight, LOSSES[2 * BYTE + (fraction & 255)] as number);
  return weight >>> (fraction >>> 24);
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function productHigh(a: number, b: number): number {
  const lower = Math.floor((a * (b & 0xffff)) / 0x10000);
  return Math.floor((a * (b >>> 16) + lower) / 0x10000);
}
