import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthGroups } from './step-work';

const positions = (lengths: readonly number[], groups: readonly (readonly number[])[], passCost: number) =>
  groups.reduce(
    (sum, rows) => sum + Math.max(...rows.map((row) => lengths[row] ?? 0)) * rows.length + passCost,
    0,
  );

test('rows of similar lengths stay together, a long one goes alone', () => {
  expect(lengthGroups([5, 6, 40, 5], 4)).toEqual([[0, 3, 1], [2]]);
  expect(lengthGroups([9, 9, 9], 4)).toEqual([[0, 1, 2]]);
  expect(lengthGroups([7], 4)).toEqual([[0]]);
});

test('every row is in one group, and no worse than all together or each alone', () => {
  const rows = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 30 }), (lengths, passCost) => {
      const groups = lengthGroups(lengths, passCost);
      expect(groups.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
      const cost = positions(lengths, groups, passCost);
      const all = lengths.map((_, row) => row);
      expect(cost).toBeLessThanOrEqual(positions(lengths, [all], passCost));
      expect(cost).toBeLessThanOrEqual(
        positions(
          lengths,
          all.map((row) => [row]),
          passCost,
        ),
      );
    }),
  );
});
