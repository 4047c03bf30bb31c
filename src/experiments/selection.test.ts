import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import type { XyPlot } from './plots/plot';
import { overlayPlots, pairsOf, type Selection } from './selection';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};
const points = [1, 4, 8].map((maxBatch) => simulatedPoint(`b${maxBatch}`, { serving: { maxBatch } }));
const axes = ['maxBatch'] as const;
const run = await simulatedRun(turn, points, { axes, id: 'one', name: 'One' });
const slower = await simulatedRun(turn, points.slice(1), {
  axes,
  id: 'two',
  name: 'Two',
  cost: { passMs: 8, prefillTokenMs: 0.1, decodeRowMs: 0.4 },
});
const a: Selection = { letter: 'A', run, point: null };
const b: Selection = { letter: 'B', run: slower, point: null };
const point = (of: Selection, id: string): Selection => ({
  ...of,
  point: of.run.points.find((candidate) => candidate.id === id) ?? null,
});
const ids = (pairs: ReturnType<typeof pairsOf>) =>
  pairs.map(([before, after]) => `${before.run.id}/${before.point.id} ${after.run.id}/${after.point.id}`);

test('two whole runs are compared point by point, where both have it', () => {
  expect(ids(pairsOf(a, b))).toEqual(['one/b4 two/b4', 'one/b8 two/b8']);
});

test('one point is compared with each of a run, never with itself', () => {
  expect(ids(pairsOf(point(a, 'b1'), a))).toEqual(['one/b1 one/b4', 'one/b1 one/b8']);
  expect(ids(pairsOf(point(a, 'b1'), point(b, 'b8')))).toEqual(['one/b1 two/b8']);
  expect(pairsOf(a, a)).toEqual([]);
});

test('runs lie over each other under the same axes, each line under its run’s letter', () => {
  const plots = overlayPlots([a, b]) as XyPlot[];
  expect(plots.map(({ name }) => name)).toEqual([
    'throughput_vs_p95',
    'throughput_vs_batch',
    'p95_vs_batch',
    'latency_cdf',
  ]);
  const throughput = plots[1];
  expect(throughput?.x.ticks).toEqual([1, 4, 8]);
  expect(throughput?.series.map(({ label, points: of }) => [label, of.map(({ x }) => x)])).toEqual([
    ['A · One', [1, 4, 8]],
    ['B · Two', [4, 8]],
  ]);
});

test('of single points the distributions are laid over each other', () => {
  const plots = overlayPlots([point(a, 'b1'), point(b, 'b8')]) as XyPlot[];
  expect(plots.map(({ name }) => name)).toEqual(['throughput_vs_p95', 'latency_cdf']);
  expect(plots[1]?.series.map(({ label }) => label)).toEqual(['A · One, b1', 'B · Two, b8']);
});
