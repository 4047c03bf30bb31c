import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianOf, nearestRank, percentilesOf } from './percentiles';
import { ExactSample } from './samples';

const sample = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });

/** The definition, word by word. */
function naive(values: readonly number[], percent: number): number {
  const enough = values.filter((v) => values.filter((w) => w <= v).length * 100 >= percent * values.length);
  return Math.min(...enough);
}

test('nearest rank: the smallest value that p % of the sample do not exceed', () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const sorted = Float64Array.from(values).sort();
      expect(nearestRank(sorted, percent)).toBe(naive(values, percent));
    }),
    { numRuns: 100 },
  );
});

test('known answers', () => {
  const oneToHundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentilesOf(oneToHundred)).toEqual({ mean: 50.5, p50: 50, p95: 95, p99: 99 });
  expect(percentilesOf([7])).toEqual({ mean: 7, p50: 7, p95: 7, p99: 7 });
  expect(nearestRank([10, 20, 30, 40, 50], 30)).toBe(20);
  expect(percentilesOf([])).toBeNull();
  expect(medianOf([])).toBeNull();
});

test('pooled gaps are exact until the capacity is reached', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 64 }), (gaps) => {
      const pooled = new ExactSample(64);
      for (const gap of gaps) pooled.record(gap);
      expect(pooled.percentiles()).toEqual(percentilesOf(gaps));
    }),
  );
});

test('beyond it they are thinned evenly: percentiles hold, the mean is exact, memory is bounded', () => {
  const pooled = new ExactSample(4096);
  const gaps = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 1000);
  for (const gap of gaps) pooled.record(gap);
  const exact = percentilesOf(gaps);
  const thinned = pooled.percentiles();
  expect(thinned?.mean).toBeCloseTo(exact?.mean ?? 0, 6);
  expect(thinned?.p50).toBeGreaterThan(470);
  expect(thinned?.p50).toBeLessThan(530);
  expect(thinned?.p99).toBeGreaterThan(980);
});
