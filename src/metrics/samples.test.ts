import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestRank, percentileInterval } from './percentiles';
import { MsHistogram } from './samples';

const times = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 200 });

test('percentiles are within a microsecond and a part in a thousand of the exact ones, the mean is exact', () => {
  fc.assert(
    fc.property(times, (sample) => {
      const histogram = new MsHistogram();
      for (const ms of sample) histogram.record(ms);
      const sorted = sample.toSorted((a, b) => a - b);
      for (const percent of [50, 95, 99]) {
        const exact = nearestRank(sorted, percent);
        expect(Math.abs(histogram.percentile(percent) - exact)).toBeLessThanOrEqual(0.001 + exact / 1000);
      }
      expect(histogram.mean).toBeCloseTo(sample.reduce((sum, ms) => sum + ms, 0) / sample.length, 6);
    }),
    { numRuns: 50 },
  );
});

test('intervals are those of the exact sample; p99.9 is kept back below 1000 values', () => {
  const histogram = new MsHistogram();
  for (let ms = 1; ms <= 999; ms++) histogram.record(ms);
  const sorted = Array.from({ length: 999 }, (_, i) => i + 1);
  for (const percent of [50, 95, 99]) {
    const [low, high] = percentileInterval(sorted, percent) ?? [Number.NaN, Number.NaN];
    const [foundLow, foundHigh] = histogram.interval(percent) ?? [Number.NaN, Number.NaN];
    expect(Math.abs(foundLow / low - 1)).toBeLessThan(0.001);
    expect(Math.abs(foundHigh / high - 1)).toBeLessThan(0.001);
  }
  expect(histogram.p999()).toBeNull();
  histogram.record(1000);
  expect(histogram.p999()).toBeCloseTo(999, -1);
  expect(new MsHistogram().interval(95)).toBeNull();
});

test('merging gives what recording into one would have', () => {
  fc.assert(
    fc.property(times, times, (a, b) => {
      const [one, two, both] = [new MsHistogram(), new MsHistogram(), new MsHistogram()];
      for (const ms of a) one.record(ms);
      for (const ms of b) two.record(ms);
      for (const ms of [...a, ...b]) both.record(ms);
      one.add(two);
      expect(one.percentiles()).toMatchObject({
        ...both.percentiles(),
        mean: expect.closeTo(both.mean ?? 0, 6),
      });
    }),
    { numRuns: 20 },
  );
});

test('empty is null, also after clearing; times beyond an hour and below zero are bounded', () => {
  const histogram = new MsHistogram();
  expect(histogram.percentiles()).toBeNull();
  histogram.record(1e9);
  histogram.record(-0.001);
  expect(histogram.count).toBe(2);
  expect(histogram.percentile(50)).toBe(0);
  expect(histogram.percentile(99)).toBeGreaterThan(3_590_000);
  histogram.clear();
  expect(histogram.percentiles()).toBeNull();
});

test('quantiles are the percentiles at equal steps, as many as there are values or are wanted', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 300 }), (sample, most) => {
      const histogram = new MsHistogram();
      for (const ms of sample) histogram.record(ms);
      const quantiles = histogram.quantiles(most);
      const steps = Math.min(most, sample.length);
      expect(quantiles).toHaveLength(steps);
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
      const sorted = sample.toSorted((a, b) => a - b);
      quantiles.forEach((ms, i) => {
        const exact = nearestRank(sorted, (100 * (i + 1)) / steps);
        expect(Math.abs(ms - exact)).toBeLessThanOrEqual(0.001 + exact / 1000);
      });
    }),
    { numRuns: 50 },
  );
  expect(new MsHistogram().quantiles(10)).toEqual([]);
});
