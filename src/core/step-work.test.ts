import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeWork,
  EXACT_GEOMETRY,
  lengthGroups,
  prefillWork,
  rowCost,
  type StepLengths,
} from './step-work';

/** Of a pass, in positions. */
const PASS = 4;
const prompts = (...lengths: readonly number[]) => lengths.map((added) => ({ past: 0, added }));
const step = (...pasts: readonly number[]) => pasts.map((past) => ({ past, added: 1 }));

function costOfAll(rows: readonly StepLengths[], groups: readonly (readonly number[])[]): number {
  const most = (group: readonly number[], part: keyof StepLengths) =>
    Math.max(...group.map((row) => rows[row]?.[part] ?? 0));
  return groups.reduce(
    (sum, group) => sum + group.length * rowCost(most(group, 'past'), most(group, 'added')) + PASS,
    0,
  );
}

test('prompts of similar lengths stay together, a long one goes alone', () => {
  expect(lengthGroups(prompts(5, 6, 40, 5), PASS)).toEqual([[0, 1, 3], [2]]);
  expect(lengthGroups(prompts(9, 9, 9), PASS)).toEqual([[0, 1, 2]]);
  expect(lengthGroups(prompts(7), PASS)).toEqual([[0]]);
});

test('a step goes together unless a row is so much longer that the others would be padded to it', () => {
  expect(lengthGroups(step(40, 52, 48, 61), PASS)).toEqual([[0, 1, 2, 3]]);
  expect(lengthGroups(step(40, 700, 48, 61), PASS)).toEqual([[0, 2, 3], [1]]);
});

test('a later chunk of a long prompt does not pad new prompts', () => {
  const rows = [{ past: 640, added: 48 }, ...prompts(16, 14)];
  expect(lengthGroups(rows, PASS)).toEqual([[1, 2], [0]]);
});

test('the work of a step is counted over its passes', () => {
  const grouped = { bucket: 'rows', groupCost: PASS, widthStep: 16 } as const;
  const exact = decodeWork(EXACT_GEOMETRY, [40, 700, 48], 0, 0);
  expect(exact).toMatchObject({ bucket: 3, passes: 0, attended: 788 });
  expect(decodeWork(grouped, [40, 700, 48], 0, 0)).toMatchObject({
    bucket: 3,
    passes: 1,
    attended: 2 * 48 + 704,
  });
  const chunkBesidePrompts = [{ past: 640, added: 32 }, ...prompts(16, 14)];
  expect(prefillWork(grouped, chunkBesidePrompts, 0)).toMatchObject({
    passes: 2,
    tokens: 32 + 2 * 16,
    squares: 32 ** 2 + 2 * 16 ** 2,
    attended: 640,
  });
});

test('each row is in one group, and the groups cost no more than all together or each alone', () => {
  const row = fc.record({ past: fc.integer({ min: 0, max: 700 }), added: fc.integer({ min: 1, max: 120 }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 24 }), (rows) => {
      const groups = lengthGroups(rows, PASS);
      const all = rows.map((_, place) => place);
      expect(groups.flat().toSorted((a, b) => a - b)).toEqual(all);
      const cost = costOfAll(rows, groups) - 1e-9;
      expect(cost).toBeLessThanOrEqual(costOfAll(rows, [all]));
      expect(cost).toBeLessThanOrEqual(
        costOfAll(
          rows,
          all.map((place) => [place]),
        ),
      );
    }),
  );
});
