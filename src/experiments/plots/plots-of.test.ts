import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../../simulator/simulated-run';
import { figuresOf } from '../figures';
import type { FillPlot, XyPlot } from './plot';
import { plotsOf } from './plots-of';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};

const LAB = [
  simulatedPoint('baseline', { serving: { policy: 'sequential', maxBatch: 1 }, baseline: true }),
  ...(
    [
      [1, 0],
      [2, 10],
      [4, 10],
      [8, 20],
      [16, 20],
    ] as const
  ).map(([maxBatch, maxWaitMs]) =>
    simulatedPoint(`b${maxBatch}`, { serving: { maxBatch, maxWaitMs }, load: { concurrency: 20 } }),
  ),
];
const run = await simulatedRun(turn, LAB, { experiment: 'lab-02' });
const byName = Object.fromEntries(plotsOf(run).map((plot) => [plot.name, plot]));
const xy = (name: string) => byName[name] as XyPlot;

test('the lab’s plots have the names of its files', () => {
  expect(Object.keys(byName).slice(0, 4)).toEqual([
    'throughput_vs_batch',
    'p95_vs_batch',
    'latency_cdf_baseline_vs_batch8',
    'batch_fill',
  ]);
});

test('waits that change along with the batch make one curve, the baseline a point at a batch of one', () => {
  const { series, x, y } = xy('throughput_vs_batch');
  expect(x).toEqual({ label: 'Max batch, requests', scale: 'log', ticks: [1, 2, 4, 8, 16] });
  expect(y.label).toBe('Throughput, requests/s');
  const shape = series.map(({ label, style, points }) => [label, style, points.map((point) => point.x)]);
  expect(shape).toEqual([
    ['Max wait 0 to 20 ms', 'marks', [1, 2, 4, 8, 16]],
    ['Baseline', 'lone', [1]],
  ]);
});

test('points are the medians of the repeats, bars their least and greatest', () => {
  const drawn = xy('p95_vs_batch').series.flatMap(({ points }) => points);
  for (const { point, summary, units } of figuresOf(run)) {
    const own = units.map((unit) => unit.summary.latency_ms?.p95 ?? Number.NaN);
    for (const mark of drawn.filter((candidate) => candidate.point === point.id)) {
      expect(mark.y).toBe(summary.latency_ms?.p95);
      expect([mark.low, mark.high]).toEqual([Math.min(...own), Math.max(...own)]);
    }
  }
  expect(new Set(drawn.map(({ point }) => point)).size).toBe(LAB.length);
});

test('a distribution rises from 0 to 1 with at most 300 points, and passes through the percentiles', async () => {
  const long = await simulatedRun(turn, [simulatedPoint('long', { requests: 2000 })], { repeats: 1 });
  const cdf = plotsOf(long).find(({ name }) => name === 'latency_cdf') as XyPlot;
  const points = cdf.series[0]?.points ?? [];
  expect(points).toHaveLength(300);
  expect([points[0]?.y, points.at(-1)?.y]).toEqual([0, 1]);
  for (const [before, after] of points.slice(1).map((point, i) => [points[i], point] as const)) {
    expect(after.x).toBeGreaterThanOrEqual(before?.x ?? Number.NaN);
    expect(after.y).toBeGreaterThan(before?.y ?? Number.NaN);
  }
  const { p50, p95 } = long.units[0]?.summary.latency_ms ?? { p50: 0, p95: 0 };
  const reached = (share: number) => points.find(({ y }) => y >= share)?.x ?? 0;
  expect(reached(0.5)).toBeGreaterThanOrEqual(p50);
  expect(reached(0.95)).toBeGreaterThanOrEqual(p95);
  expect(points.findLast(({ y }) => y <= 0.95)?.x).toBeLessThanOrEqual(p95);
});

test('the lab’s distributions are of the baseline and of batch 8', () => {
  const { series } = xy('latency_cdf_baseline_vs_batch8');
  expect(series.map(({ label }) => label)).toEqual(['baseline', 'b8']);
});

test('batch fill counts every batch of all repeats, and leaves out one at a time', () => {
  const { facets } = byName.batch_fill as FillPlot;
  expect(facets.map(({ point }) => point)).toEqual(['b2', 'b4', 'b8', 'b16']);
  for (const { point, batchFill } of facets) {
    const units = run.units.filter((unit) => unit.point === point);
    const members = batchFill.reduce((sum, count, n) => sum + n * count, 0);
    expect(members).toBe(units.reduce((sum, { records }) => sum + records.length, 0));
  }
});

test('a point that lost requests or was ended early is flagged, never passed off as a good one', async () => {
  const lossy = simulatedPoint('lossy', {
    serving: { maxQueue: 1, maxBatch: 1 },
    load: { arrival: 'poisson', rate: 200 },
  });
  const measured = await simulatedRun(turn, [lossy], { repeats: 1 });
  const flags = (of: typeof measured) =>
    plotsOf(of)
      .filter((plot) => plot.name === 'throughput_vs_batch')
      .flatMap((plot) => (plot as XyPlot).series.flatMap(({ points }) => points.map(({ flag }) => flag)));
  expect(flags(measured)).toEqual(['lost']);
  const ended = {
    ...measured,
    units: measured.units.map((unit) => ({ ...unit, ended_early: 'Overloaded.' })),
  };
  expect(flags(ended)).toEqual(['ended early']);
});

test('a rate sweep is a hockey stick with the objective across', async () => {
  const slo = { p95Ms: 300, ttftMs: null };
  const points = [5, 20, 80].map((rate) =>
    simulatedPoint(`r${rate}`, { load: { arrival: 'poisson', rate }, slo, requests: 200 }),
  );
  const sweep = await simulatedRun(turn, points, { experiment: 'rate-sweep', axes: ['rate'] });
  const [stick] = plotsOf(sweep) as XyPlot[];
  expect(stick?.series.map(({ label }) => label)).toEqual(['Latency p50', 'Latency p95', 'Latency p99']);
  expect(stick?.x).toMatchObject({ label: 'Rate, requests/s', scale: 'linear' });
  expect(stick?.limit).toEqual({ y: 300, label: 'SLO 300 ms' });
  expect(stick?.series[1]?.points.map(({ x }) => x)).toEqual([5, 20, 80]);
});

test('choices stand side by side under their names', async () => {
  const points = (['static', 'continuous'] as const).map((policy) =>
    simulatedPoint(policy, { serving: { policy } }),
  );
  const choices = await simulatedRun(turn, points, { axes: ['policy'] });
  const plot = plotsOf(choices).find(({ name }) => name === 'throughput_vs_policy') as XyPlot;
  expect(plot.x).toEqual({ label: 'Policy', scale: 'category', ticks: ['static', 'continuous'] });
  expect(plot.series.flatMap((line) => line.points.map(({ x }) => x))).toEqual([0, 1]);
});

test('nothing is drawn of what is not measured yet', () => {
  expect(plotsOf({ ...run, units: [] })).toEqual([]);
});

test('a line per wait where several waits have the same batch; planned lines keep their places', async () => {
  const points = [1, 4].flatMap((maxBatch) =>
    [0, 10].map((maxWaitMs) =>
      simulatedPoint(`b${maxBatch}w${maxWaitMs}`, { serving: { maxBatch, maxWaitMs } }),
    ),
  );
  const grid = await simulatedRun(turn, points);
  const lines = (of: typeof grid) =>
    (plotsOf(of) as XyPlot[])
      .find(({ name }) => name === 'throughput_vs_batch')
      ?.series.map(({ label, points: own }) => [label, own.length]);
  expect(lines(grid)).toEqual([
    ['Max wait 0 ms', 2],
    ['Max wait 10 ms', 2],
  ]);
  expect(lines({ ...grid, units: grid.units.slice(-1) })).toEqual([
    ['Max wait 0 ms', 0],
    ['Max wait 10 ms', 1],
  ]);
});

test('a search has a chart from its first unit: the capacities that it begins with', async () => {
  const probes = ['a', 'b'].map((id) => ({ ...simulatedPoint(id), probe: true as const }));
  const search = await simulatedRun(turn, probes, {
    experiment: 'highest-rate',
    axes: ['rate', 'policy', 'maxBatch'],
  });
  const first = plotsOf({ ...search, units: search.units.slice(0, 1) }) as XyPlot[];
  expect(first.map(({ name }) => name)).toEqual(['capacities']);
  expect(first[0]?.series[0]?.points.map(({ text }) => text)).toEqual(['a']);
});

test('an experiment may be called like a member of every object', () => {
  for (const experiment of ['constructor', '__proto__', 'toString']) {
    expect(plotsOf({ ...run, experiment }).length).toBeGreaterThan(0);
  }
});
