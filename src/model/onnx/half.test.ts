import { expect, it } from 'vitest';
import { fromHalf, halves } from './half';

it('gives the bits of the nearest 16-bit float', () => {
  const cases: readonly (readonly [number, number])[] = [
    [0, 0x0000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [1 / 3, 0x3555],
    [0.1, 0x2e66],
    [-0.999, 0xbbfe],
    [2047.9, 0x6800],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [-(2 ** -15), 0x8200],
    [2 ** -26, 0x0000],
  ];
  for (const [value, bits] of cases) expect(halves(Float32Array.of(value))[0], `${value}`).toBe(bits);
});

it('reads every 16-bit float back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromHalf(bits);
    if (Number.isFinite(value) && bits !== 0x8000) expect(halves(Float32Array.of(value))[0]).toBe(bits);
  }
});
