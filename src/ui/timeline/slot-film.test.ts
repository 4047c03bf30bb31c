import { expect, test } from 'vitest';
import { filmLayout, numberedSlots, slotAt } from './slot-film';

test('slots share one height, from one slot to as many as there may be, and each can be seen', () => {
  const all = [1, 2, 8, 16, 32, 64, 128, 256].map(filmLayout);
  expect(new Set(all.slice(0, 5).map(({ height }) => height)).size).toBe(1);
  expect(filmLayout(128).height).toBe(filmLayout(64).height);
  for (const { lanes, lane, gap, top, height } of all) {
    expect(lane - gap).toBeGreaterThanOrEqual(lanes <= 64 ? 3 : 1.5);
    expect(top + lanes * lane).toBeLessThanOrEqual(height);
    expect(height).toBeLessThan(450);
  }
});

test('a height belongs to one slot, or to none', () => {
  const layout = filmLayout(8);
  expect(slotAt(layout, 0)).toBeNull();
  expect(slotAt(layout, layout.top - 0.1)).toBeNull();
  expect(slotAt(layout, layout.top)).toBe(0);
  expect(slotAt(layout, layout.top + 7.5 * layout.lane)).toBe(7);
  expect(slotAt(layout, layout.top + 8 * layout.lane)).toBeNull();
});

test('numbers stand beside as many slots as there is room for', () => {
  expect(numberedSlots(filmLayout(1))).toEqual([0]);
  expect(numberedSlots(filmLayout(8))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(numberedSlots(filmLayout(16))).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect(numberedSlots(filmLayout(64))).toEqual([0, 8, 16, 24, 32, 40, 48, 56]);
  expect(numberedSlots(filmLayout(256))).toHaveLength(16);
});
