import { expect, test } from 'vitest';
import { ratioOf } from './ratios';

test('ratios are taken pair by pair, so a slow moment changes none', () => {
  expect(
    ratioOf([
      [20, 10],
      [2, 1],
      [9, 3],
    ]),
  ).toEqual({ median: 2, least: 2, most: 3 });
});

test('nothing measured, no ratio', () => {
  expect(ratioOf([])).toBeNull();
  expect(ratioOf([[1, 0]])).toBeNull();
});
