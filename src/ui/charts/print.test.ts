import { expect, test } from 'vitest';
import { facetGrid, facetRows } from './print';

test('as many side by side as can be read, in even rows, none outside or over another', () => {
  for (const [count, width] of [
    [1, 920],
    [5, 920],
    [6, 360],
    [9, 920],
  ] as const) {
    const height = 250 * facetRows(count, width);
    const places = facetGrid(count, width, height);
    expect(places).toHaveLength(count);
    for (const { x, y, width: w, height: h } of places) {
      expect(w).toBeGreaterThanOrEqual(170);
      expect(x + w).toBeLessThanOrEqual(width);
      expect(y + h).toBeLessThanOrEqual(height);
    }
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(count);
  }
});

test('five go in a row of three and one of two, not of four and one', () => {
  const rows = facetGrid(5, 920, 500).map(({ y }) => y);
  expect(rows.filter((y) => y === 0)).toHaveLength(3);
});
