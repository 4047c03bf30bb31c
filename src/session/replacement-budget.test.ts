import { expect, test } from 'vitest';
import { ReplacementBudget } from './replacement-budget';

test('three within a minute, whenever the minute began', () => {
  const budget = new ReplacementBudget();
  expect([0, 20_000, 59_000].map((at) => budget.spend(at))).toEqual([true, true, true]);
  expect(budget.spend(59_999)).toBe(false);
  expect(budget.spend(60_000)).toBe(true);
  expect(budget.spend(60_001)).toBe(false);
  expect(budget.spend(80_000)).toBe(true);
});

test('one an hour never ends', () => {
  const budget = new ReplacementBudget();
  for (let hour = 0; hour < 100; hour++) expect(budget.spend(hour * 3_600_000)).toBe(true);
});
