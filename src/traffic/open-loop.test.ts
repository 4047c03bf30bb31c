import { expect, test } from 'vitest';
import type { ArrivalConfig } from '../core/load-config';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { OpenLoop } from './open-loop';
import { createRng } from './rng';

/** ms at which the arrivals of the first `seconds` are due. @param begin ms */
function dues(changes: Partial<ArrivalConfig>, seconds: number, begin = 0): readonly number[] {
  const loop = new OpenLoop({ ...DEFAULT_LOAD_CONFIG, ...changes }, createRng(7).fork('arrivals'), begin);
  const times: number[] = [];
  for (;;) {
    const due = loop.takeDue(begin + seconds * 1000);
    if (due === null) return times;
    times.push(due);
  }
}

/** The same in seconds. */
const arrivals = (changes: Partial<ArrivalConfig>, seconds: number) =>
  dues(changes, seconds).map((ms) => ms / 1000);

const within = (times: readonly number[], from: number, to: number) =>
  times.filter((time) => time >= from && time < to).length;

function gapsOf(times: readonly number[]) {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return { mean, variation: Math.sqrt(variance) / mean };
}

test('constant arrivals come at even gaps', () => {
  expect(arrivals({ arrival: 'constant', rate: 8 }, 1)).toEqual([
    0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1,
  ]);
});

test.each([0.1, 0.25, 0.5, 1, 4])(
  'gamma gaps of burstiness %d keep the rate and vary as they should',
  (burstiness) => {
    const times = arrivals({ arrival: 'gamma', rate: 100, burstiness }, 1000);
    const { mean, variation } = gapsOf(times);
    // 100,000 gaps: the standard error of their mean is at most 1 %, of their variation little more.
    expect(mean * 100).toBeGreaterThan(0.96);
    expect(mean * 100).toBeLessThan(1.04);
    expect(variation * Math.sqrt(burstiness)).toBeGreaterThan(0.95);
    expect(variation * Math.sqrt(burstiness)).toBeLessThan(1.05);
  },
);

test('a burstiness of 1 is Poisson to the last digit', () => {
  expect(arrivals({ arrival: 'gamma', burstiness: 1 }, 60)).toEqual(arrivals({ arrival: 'poisson' }, 60));
});

test('a ramp has the arrivals of the area under it, in each of its parts', () => {
  const times = arrivals({ arrival: 'ramp', rampFromRate: 100, rate: 900, rampS: 40 }, 60);
  for (const [from, to, expected] of [
    [0, 10, 2000],
    [10, 20, 4000],
    [30, 40, 8000],
    [40, 60, 18_000],
  ] as const) {
    expect(Math.abs(within(times, from, to) - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }
});

test('a spike has its multiple of the arrivals, and before and after it the rate', () => {
  const spike = { arrival: 'spike', rate: 200, spikeFactor: 6, spikeStartS: 20, spikeDurationS: 10 } as const;
  const once = arrivals(spike, 100);
  const again = arrivals({ ...spike, spikeEveryS: 40 }, 100);
  for (const [times, from, expected] of [
    [once, 10, 2000],
    [once, 20, 12_000],
    [once, 30, 2000],
    [once, 60, 2000],
    [again, 20, 12_000],
    [again, 50, 2000],
    [again, 60, 12_000],
  ] as const) {
    expect(Math.abs(within(times, from, from + 10) - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }
});

test('one seed gives the same times between arrivals to the last digit, whenever the load begins', () => {
  const now = 1_795_300_000_000 + 0.123456;
  for (const arrival of ['constant', 'poisson', 'gamma', 'ramp', 'spike'] as const) {
    const relative = (begin: number) => {
      const times = dues({ arrival, rate: 60, burstiness: 0.5 }, 100, begin);
      return times.map((time) => time - (times[0] ?? 0));
    };
    const [early, late] = [relative(0), relative(now)];
    // The last one may fall on either side of the end.
    const length = Math.min(early.length, late.length);
    expect(length).toBeGreaterThan(1000);
    expect(late.slice(0, length)).toEqual(early.slice(0, length));
  }
});

test('a ramp begins anew when something about it changes, and only then', () => {
  const config = { ...DEFAULT_LOAD_CONFIG, arrival: 'ramp', rampFromRate: 0, rate: 1000, rampS: 10 } as const;
  const loop = new OpenLoop(config, createRng(1).fork('arrivals'), 0);
  const count = (until: number) => {
    let taken = 0;
    while (loop.takeDue(until) !== null) taken += 1;
    return taken;
  };
  expect(Math.abs(count(10_000) - 5000)).toBeLessThan(300);
  loop.change({ ...config, concurrency: 3 }, 10_000);
  expect(Math.abs(count(11_000) - 1000)).toBeLessThan(150);
  loop.change({ ...config, rampS: 5 }, 11_000);
  expect(Math.abs(count(16_000) - 2500)).toBeLessThan(200);
});
