import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels, segmentsOf, widthOf } from './place-labels';

const bounds = { x: 0, y: 0, width: 400, height: 200 };

describe('placeLabels', () => {
  it('prefers the right of a point', () => {
    const [label] = placeLabels([{ x: 100, y: 100, text: 'batch 8', radius: 5 }], bounds);
    expect(label?.x).toBeGreaterThan(100);
  });

  it('goes left where the right is outside', () => {
    const [label] = placeLabels([{ x: 390, y: 100, text: 'batch 8', radius: 5 }], bounds);
    expect(label?.x).toBeLessThan(390 - 40);
  });

  it('keeps labels off each other and off other points', () => {
    const points = [
      { x: 100, y: 100, text: 'batch 8', radius: 5 },
      { x: 120, y: 100, text: 'batch 16', radius: 5 },
      { x: 110, y: 104, text: 'batch 32', radius: 5 },
    ];
    const placed = placeLabels(points, bounds).filter((label) => label !== null);
    const keys = new Set(placed.map(({ x, y }) => `${x} ${y}`));
    expect(keys.size).toBe(placed.length);
    expect(placeLabels(points, bounds)[0]?.x).toBeLessThan(100);
  });

  it('gives up on a label without room rather than covering something', () => {
    expect(
      placeLabels([{ x: 20, y: 10, text: 'a very long label', radius: 5 }], {
        ...bounds,
        width: 60,
        height: 20,
      }),
    ).toEqual([null]);
  });
});

it('lets no line cross a label, whatever is drawn', () => {
  const at = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 200 }) });
  fc.assert(
    fc.property(fc.array(at, { minLength: 2, maxLength: 12 }), (pixels) => {
      const lines = segmentsOf(pixels);
      const points = pixels.map((pixel, index) => ({ ...pixel, text: `batch ${index}`, radius: 5 }));
      for (const [index, place] of placeLabels(points, bounds, { lines }).entries()) {
        if (!place) continue;
        const [left, right] = [place.x, place.x + widthOf(points[index]?.text ?? '')];
        const touched = lines.some(([from, to]) =>
          Array.from({ length: 60 }, (_, step) => step / 59).some((share) => {
            const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
            return x > left && x < right && y > place.y - 11 && y < place.y + 3;
          }),
        );
        expect(touched).toBe(false);
      }
    }),
    { numRuns: 50 },
  );
});
