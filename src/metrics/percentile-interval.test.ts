import { describe, expect, it } from 'vitest';
import { createRng } from '../traffic/rng';
import { acrossRuns, envelope, intervalRanks, nearestRank, percentileInterval } from './percentiles';

describe('the ranks that bound a percentile', () => {
  it.each([
    // The sign test's, as tables have them.
    [6, 50, [1, 6]],
    [9, 50, [2, 8]],
    [10, 50, [2, 9]],
    [20, 50, [6, 15]],
    [25, 50, [8, 18]],
    [100, 50, [40, 61]],
    // By hand: of 100 draws at 5 %, 11 or more with 1.15 %, 10 or more with 2.82 %, none with 0.59 %, at most one with 3.7 %.
    [100, 95, [90, 100]],
  ])('of %i values, p%i', (count, percent, ranks) => {
    expect(intervalRanks(count, percent)).toEqual(ranks);
  });

  it.each([
    // The sample is too small while all of it lies below the percentile with more than 2.5 %: 0.95^71 is 2.62 %.
    [50, 6],
    [95, 72],
    [99, 368],
  ])('are none for p%i below %i values', (percent, fewest) => {
    expect(intervalRanks(fewest - 1, percent)).toBeNull();
    expect(intervalRanks(fewest, percent)).not.toBeNull();
    expect(intervalRanks(0, percent)).toBeNull();
  });

  it('of a large sample are those of the normal curve', () => {
    const [lower, upper] = intervalRanks(100_000, 95) ?? [0, 0];
    const halfWidth = 1.959964 * Math.sqrt(100_000 * 0.95 * 0.05);
    expect(Math.abs(lower - (95_000 - halfWidth))).toBeLessThan(2);
    expect(Math.abs(upper - (95_001 + halfWidth))).toBeLessThan(2);
  });

  it('have the percentile itself between them', () => {
    for (const percent of [50, 95, 99]) {
      for (let count = 368; count < 1500; count += 7) {
        const [lower, upper] = intervalRanks(count, percent) ?? [0, 0];
        const rank = nearestRank(
          Array.from({ length: count }, (_, i) => i + 1),
          percent,
        );
        expect(lower).toBeLessThanOrEqual(rank);
        expect(upper).toBeGreaterThanOrEqual(rank);
      }
    }
  });
});

it.each([
  [50, Math.LN2],
  [95, Math.log(20)],
])('of 95 in 100 samples or more it holds the true p%i', (percent, truth) => {
  const rng = createRng(percent);
  const samples = 4000;
  let held = 0;
  for (let i = 0; i < samples; i++) {
    const sorted = Float64Array.from({ length: 200 }, () => -Math.log1p(-rng.uniform())).sort();
    const [low, high] = percentileInterval(sorted, percent) ?? [Number.NaN, Number.NaN];
    if (low <= truth && truth <= high) held += 1;
  }
  // Three standard errors of a share of 95 % are 1 %; the interval is no wider than whole ranks make it.
  expect(held / samples).toBeGreaterThan(0.94);
  expect(held / samples).toBeLessThan(0.98);
});

it('of several repeats holds each of theirs, and is none where one of them has none', () => {
  expect(
    envelope([
      [3, 8],
      [2, 7],
    ]),
  ).toEqual([2, 8]);
  expect(envelope([[3, 8], null])).toBeNull();
  expect(envelope([])).toBeNull();
});

it('of figures that several runs gave follows from how far they are apart, by Student’s t', () => {
  expect(acrossRuns([10, 12, 14])).toEqual([
    expect.closeTo(12 - (4.303 * 2) / Math.sqrt(3), 9),
    expect.closeTo(12 + (4.303 * 2) / Math.sqrt(3), 9),
  ]);
  expect(acrossRuns([5, 5])).toEqual([5, 5]);
  expect(acrossRuns([1, 3])).toEqual([0, expect.closeTo(2 + 12.706, 9)]);
  expect(acrossRuns([5])).toBeNull();
});
