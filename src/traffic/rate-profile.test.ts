import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArrivalConfig } from '../core/load-config';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { rateProfile } from './rate-profile';

const profile = (changes: Partial<ArrivalConfig>) => rateProfile({ ...DEFAULT_LOAD_CONFIG, ...changes });

test('a steady rate', () => {
  const steady = profile({ arrival: 'gamma', rate: 4 });
  expect(steady.expectedBy(10)).toBe(40);
  expect(steady.timeOf(40)).toBe(10);
});

test('a ramp rises in a straight line and stays: the area under it', () => {
  const ramp = profile({ arrival: 'ramp', rampFromRate: 2, rate: 10, rampS: 4 });
  expect([0, 1, 2, 4, 6].map(ramp.expectedBy)).toEqual([0, 3, 8, 24, 44]);
  expect([0, 3, 8, 24, 44].map(ramp.timeOf)).toEqual([0, 1, 2, 4, 6]);
});

test('a ramp from 0 begins, and one may fall', () => {
  const fromNothing = profile({ arrival: 'ramp', rampFromRate: 0, rate: 10, rampS: 5 });
  expect([0, 5, 25].map(fromNothing.timeOf)).toEqual([0, Math.sqrt(5), 5]);
  const falling = profile({ arrival: 'ramp', rampFromRate: 10, rate: 2, rampS: 4 });
  expect([4, 6].map(falling.expectedBy)).toEqual([24, 28]);
});

test('a spike is a multiple of the rate for a while, once', () => {
  const once = profile({ arrival: 'spike', rate: 2, spikeFactor: 5, spikeStartS: 10, spikeDurationS: 3 });
  expect([10, 11, 13, 20, 1000].map(once.expectedBy)).toEqual([20, 30, 50, 64, 2024]);
  expect([20, 30, 50, 64, 2024].map(once.timeOf)).toEqual([10, 11, 13, 20, 1000]);
});

test('or again and again', () => {
  const changes = { rate: 2, spikeFactor: 5, spikeStartS: 10, spikeDurationS: 3, spikeEveryS: 20 };
  const often = profile({ arrival: 'spike', ...changes });
  expect([10, 13, 30, 33, 50].map(often.expectedBy)).toEqual([20, 50, 84, 114, 148]);
  expect([20, 50, 84, 114, 148].map(often.timeOf)).toEqual([10, 13, 30, 33, 50]);
});

test('no spike is counted twice where a period ends and its quotient is rounded up', () => {
  const changes = { rate: 2, spikeFactor: 5, spikeStartS: 0, spikeDurationS: 3, spikeEveryS: 11.6 };
  const often = profile({ arrival: 'spike', ...changes });
  const justBefore = 440.79999999999995;
  expect(Math.floor(justBefore / 11.6)).toBe(38);
  expect(often.expectedBy(justBefore)).toBeCloseTo(2 * (justBefore + 38 * 4 * 3), 6);
});

test('time and expected arrivals are each other’s inverse, and both only rise', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  // Whatever is so small that its square is 0 is no rate and no time.
  const fromZero = fc.oneof(fc.constant(0), number(1e-9, 1000));
  fc.assert(
    fc.property(
      fc.constantFrom('poisson' as const, 'ramp' as const, 'spike' as const),
      fc.record({
        rate: number(0.1, 1000),
        rampFromRate: fromZero,
        rampS: number(0.1, 100),
        spikeFactor: number(1, 100),
        spikeStartS: number(0, 100),
        spikeDurationS: number(0.1, 100),
        spikeEveryS: fc.oneof(fc.constant(0), number(1, 100)),
      }),
      fromZero,
      fromZero,
      (arrival, changes, seconds, later) => {
        const { expectedBy, timeOf } = profile({ arrival, ...changes });
        // Where the rate is close to 0, a rounding error of the count is a long time.
        expect(expectedBy(timeOf(expectedBy(seconds)))).toBeCloseTo(expectedBy(seconds), 4);
        expect(expectedBy(seconds + later)).toBeGreaterThanOrEqual(expectedBy(seconds) * (1 - 1e-12));
        expect(timeOf(seconds + later)).toBeGreaterThanOrEqual(timeOf(seconds) * (1 - 1e-12));
      },
    ),
  );
});
