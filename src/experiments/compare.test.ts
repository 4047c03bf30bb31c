import { expect, test } from 'vitest';
import type { ExperimentRun, MeasuredUnit } from '../core/experiment';
import type { RequestRecord } from '../core/request-record';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { createRng } from '../traffic/rng';
import type { Side } from './compare';
import { compare, type Difference, latencyIntervals, repeatInterval, verdictOf } from './compare';
import { FIGURES } from './figures';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};
const point = simulatedPoint('b8', { serving: { maxBatch: 8 }, requests: 200 });
const slow = simulatedPoint('b1', { serving: { maxBatch: 1 }, requests: 200 });
const run = await simulatedRun(turn, [point, slow], { repeats: 3 });
const side: Side = { run, point };

/** The same run with every unit changed: a known difference. */
function changed(change: (unit: MeasuredUnit) => MeasuredUnit): Side {
  return { run: { ...run, units: run.units.map(change) }, point };
}

const withLatency = (unit: MeasuredUnit, latency: (ms: number, i: number) => number): MeasuredUnit => ({
  ...unit,
  records: unit.records.map((record, i): RequestRecord => {
    const ms = (record.finished ?? 0) - record.sent;
    return { ...record, finished: record.sent + latency(ms, i) };
  }),
});

const byName = (differences: readonly Difference[] | undefined, name: string) =>
  differences?.find(({ figure }) => figure.name === name);

test('against itself nothing differs, by an interval of nothing', () => {
  const comparison = compare(side, side);
  expect(comparison?.paired).toBe(true);
  for (const difference of comparison?.differences ?? []) {
    expect(difference.a).toBe(difference.b);
    expect(difference.interval).toMatchObject({ low: 0, high: 0 });
    expect(verdictOf(difference)).toBe('equal');
  }
});

test('10 ms more for every request are 10 ms more at every percentile, without doubt, since requests pair', () => {
  const later = changed((unit) => withLatency(unit, (ms) => ms + 10));
  for (const interval of latencyIntervals(side, later, [50, 95, 99], true)) {
    expect(interval?.low).toBeCloseTo(10, 6);
    expect(interval?.high).toBeCloseTo(10, 6);
  }
  const [apart] = latencyIntervals(side, later, [50], false);
  expect((apart?.high ?? 0) - (apart?.low ?? 0)).toBeGreaterThan(0);
  expect(apart?.low).toBeLessThanOrEqual(10);
  expect(apart?.high).toBeGreaterThanOrEqual(10);
});

test('the interval holds a known difference of medians about as often as it says', () => {
  const normal = (rng: { uniform(): number }) =>
    Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
  const noise = (seed: number, mean: number): Side => {
    const rng = createRng(seed);
    return changed((unit) => withLatency(unit, () => mean + 10 * normal(rng)));
  };
  const trials = 24;
  let held = 0;
  for (let i = 0; i < trials; i++) {
    const [interval] = latencyIntervals(noise(2 * i, 200), noise(2 * i + 1, 205), [50], false);
    if (interval && interval.low <= 5 && interval.high >= 5) held += 1;
  }
  expect(held / trials).toBeGreaterThan(0.85);
});

test('over repeats the interval is exact: outermost differences, with the confidence that so many give', () => {
  const withThroughput = (values: readonly number[]) =>
    changed((unit) => ({
      ...unit,
      summary: { ...unit.summary, throughput_rps: values[unit.repeat - 1] ?? null },
    }));
  const before = withThroughput([100, 110, 105]);
  const after = withThroughput([150, 158, 157]);
  expect(repeatInterval(before, after, FIGURES.throughput, true)).toEqual({
    low: 48,
    high: 52,
    confidence: 0.75,
  });
  expect(repeatInterval(before, after, FIGURES.throughput, false)).toEqual({
    low: 40,
    high: 58,
    confidence: 0.9,
  });
});

test('of ten repeats the outermost are left out, which leaves 97.9 %', () => {
  const units = (values: readonly number[]): Side => {
    const [unit] = run.units;
    if (!unit) throw new Error('Nothing was measured.');
    const repeated = values.map((throughput_rps, i) => ({
      ...unit,
      repeat: i + 1,
      summary: { ...unit.summary, throughput_rps },
    }));
    return { run: { ...run, units: repeated }, point };
  };
  const before = units(Array.from({ length: 10 }, () => 100));
  const after = units(Array.from({ length: 10 }, (_, i) => 101 + i));
  const interval = repeatInterval(before, after, FIGURES.throughput, true);
  expect(interval).toMatchObject({ low: 2, high: 9 });
  expect(interval?.confidence).toBeCloseTo(1 - 22 / 1024, 10);
});

test('one repeat bounds no throughput; nothing measured compares with nothing', () => {
  const single: Side = { run: { ...run, units: run.units.filter(({ repeat }) => repeat === 1) }, point };
  expect(repeatInterval(single, single, FIGURES.throughput, true)).toBeNull();
  expect(repeatInterval(single, single, FIGURES.throughput, false)).toBeNull();
  expect(compare(side, { run: { ...run, units: [] }, point })).toBeNull();
});

test('batches of eight against one at a time: better where more is better and where less is', () => {
  const comparison = compare({ run, point: slow }, side);
  expect(comparison?.paired).toBe(true);
  for (const name of ['throughput_rps', 'p50_ms', 'p95_ms']) {
    const difference = byName(comparison?.differences, name);
    expect(difference && verdictOf(difference)).toBe('better');
  }
  const fill = byName(comparison?.differences, 'mean_batch_fill');
  expect(fill && verdictOf(fill)).toBeNull();
});

test('with another seed requests do not pair', async () => {
  const other: ExperimentRun = await simulatedRun(turn, [point], { repeats: 3, seed: 50 });
  expect(compare(side, { run: other, point })?.paired).toBe(false);
});
