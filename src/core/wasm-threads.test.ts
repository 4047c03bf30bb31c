import { expect, test } from 'vitest';
import { parseWasmThreads, wasmThreads } from './wasm-threads';

test('auto takes half of the cores, at most four; a number is taken as it is; without isolation there is one', () => {
  expect([1, 2, 3, 8, 64].map((cores) => wasmThreads('auto', true, cores))).toEqual([1, 1, 2, 4, 4]);
  expect(wasmThreads(12, true, 2)).toBe(12);
  expect([wasmThreads('auto', false, 16), wasmThreads(8, false, 16)]).toEqual([1, 1]);
});

test('threads are auto or a number', () => {
  expect([parseWasmThreads('auto'), parseWasmThreads('1'), parseWasmThreads('64')]).toEqual(['auto', 1, 64]);
  for (const wrong of ['0', '65', '1.5', 'many', '']) {
    expect(() => parseWasmThreads(wrong)).toThrow('auto or a whole number from 1 to 64; given: ');
  }
});
