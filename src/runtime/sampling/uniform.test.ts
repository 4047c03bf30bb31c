import { expect, test } from 'vitest';
import { uniformBits } from './uniform';

test('is MurmurHash3 of the position, by its published test vectors', () => {
  expect(uniformBits(0, 0)).toBe(0x2362_f9de);
  expect(uniformBits(0, 0x8765_4321)).toBe(0xf55b_516b);
  expect(uniformBits(0x5082_edee, 0x8765_4321)).toBe(0x2362_f9de);
  expect(uniformBits(0, 0xffff_ffff)).toBe(0x7629_3b50);
});

test('neighbouring seeds and neighbouring positions share nothing: every sixteenth is drawn as often', () => {
  const SIZE = 256;
  const counts = (bits: (i: number, j: number) => number) => {
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < SIZE; i++)
      for (let j = 0; j < SIZE; j++) bins[bits(i, j) >>> 28] = (bins[bits(i, j) >>> 28] ?? 0) + 1;
    return bins;
  };
  const mean = SIZE ** 2 / 16;
  const chiSquare = (bins: readonly number[]) =>
    bins.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  // 15 degrees of freedom: 37.7 is exceeded once in a thousand.
  expect(chiSquare(counts((seed, position) => uniformBits(seed, position)))).toBeLessThan(37.7);
  const changeOfSeed = (seed: number, position: number) =>
    (uniformBits(seed, position) - uniformBits(seed + 1, position)) >>> 0;
  const changeOfPosition = (seed: number, position: number) =>
    (uniformBits(seed, position) - uniformBits(seed, position + 1)) >>> 0;
  expect(chiSquare(counts(changeOfSeed))).toBeLessThan(37.7);
  expect(chiSquare(counts(changeOfPosition))).toBeLessThan(37.7);
});
