import { expect, test } from 'vitest';
import { bucketOf, checkRows } from './cache-rows';

const tensor = { contextLength: 1024, rowBytes: 1024 * 1024, limit: 21.5 * 1024 * 1024 };

test('passes come in powers of two, up to what fits', () => {
  expect([1, 2, 3, 5, 8, 9, 16, 17, 21].map((rows) => bucketOf(rows, tensor))).toEqual([
    1, 2, 4, 8, 8, 16, 16, 21, 21,
  ]);
});

test('what does not fit is refused with what was asked, the limit and what fits', () => {
  expect(() => checkRows(21, tensor)).not.toThrow();
  expect(() => checkRows(64, tensor)).toThrow(
    /64 slots of 1024 tokens needs 67.* MB .* allows 22.* MB.* At most 21 slots .* context of 344 tokens with 64 slots/,
  );
});
