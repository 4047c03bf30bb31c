import { expect, test } from 'vitest';
import { medianAndMin, windowsOf } from './windows';

test('slow steps are a window each', () => {
  expect(windowsOf([0, 250, 500, 800])).toEqual([250, 250, 300]);
});

test('fast steps share windows, so that a burst of answers is no fast step', () => {
  // Three steps end every 30 ms, in one turn.
  expect(windowsOf([0, 30, 30, 30, 60, 60, 60, 90])).toEqual([30, 10, 10]);
});

test('a run shorter than a window is one', () => {
  expect(windowsOf([5, 6, 7])).toEqual([1]);
  expect(windowsOf([5])).toEqual([]);
});

test('median and minimum', () => {
  expect(medianAndMin([3, 1, 2])).toEqual({ medianMs: 2, minMs: 1 });
});
