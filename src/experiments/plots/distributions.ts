import { slotsOf } from '../../core/serving-config';
import { nearestRank } from '../../metrics/percentiles';
import { latencyOf } from '../../metrics/timings';
import type { PointFigures } from '../figures';
import { type FillPlot, fewOf, type PlotPoint, type PlotSeries, type XyPlot } from './plot';

/** A line has this many points at most: more than a screen can tell apart cost time and show nothing. */
const MOST_POINTS = 300;

/** The distribution of latency at some points, over the completed requests of all repeats. */
export function latencyCdf(all: readonly PointFigures[], name: string): XyPlot {
  const series = all.map(cdfOf).filter(({ points }) => points.length > 0);
  return {
    kind: 'xy',
    name,
    title: 'Distribution of latency',
    caption: 'Share of the completed requests, of all repeats together, that were answered within this time.',
    x: { label: 'Latency, ms', scale: 'linear', ticks: null },
    y: { label: 'Completed requests', scale: 'share', ticks: null },
    series,
    limit: null,
    labelled: false,
  };
}

/** Lost requests have no latency; how many they are stands beside the name, since leaving out the slow flatters the rest. */
function cdfOf({ point, units }: PointFigures): PlotSeries {
  const records = units.flatMap((unit) => unit.records);
  const latencies = records
    .filter((record) => record.outcome === 'completed')
    .flatMap((record) => latencyOf(record) ?? []);
  const sorted = Float64Array.from(latencies).sort();
  const lost = records.length - latencies.length;
  return {
    label: lost > 0 ? `${point.label} (${lost} of ${records.length} not completed)` : point.label,
    style: 'steps',
    points: stepsOf(sorted).map(([x, y]) => cdfPoint(x, y, point.id, point.label)),
  };
}

/** From 0 at the least to 1 at the greatest, at equal steps of the share. */
function stepsOf(sorted: Float64Array): readonly (readonly [x: number, y: number])[] {
  const least = sorted[0];
  if (least === undefined) return [];
  const steps = Math.min(sorted.length, MOST_POINTS - 1);
  return [
    [least, 0],
    ...Array.from({ length: steps }, (_, index) => {
      const share = (index + 1) / steps;
      return [nearestRank(sorted, share * 100), share] as const;
    }),
  ];
}

const cdfPoint = (x: number, y: number, point: string, text: string): PlotPoint => ({
  x,
  y,
  low: null,
  high: null,
  point,
  text,
  flag: null,
});

const MOST_FACETS = 9;

/** How full batches were at each point, all repeats together. One at a time is no batch and is left out. */
export function batchFill(all: readonly PointFigures[]): FillPlot {
  const batched = all.filter(({ point }) => slotsOf(point.serving) > 1);
  return {
    kind: 'fill',
    name: 'batch_fill',
    title: 'How full batches were',
    caption: 'Share of the batches that left with so many members.',
    facets: fewOf(batched, MOST_FACETS).map(({ point, units }) => ({
      point: point.id,
      label: point.label,
      batchFill: sumOf(units.map((unit) => unit.batch_fill)),
      maxBatch: slotsOf(point.serving),
    })),
  };
}

function sumOf(counts: readonly (readonly number[])[]): readonly number[] {
  const length = Math.max(0, ...counts.map((count) => count.length));
  return Array.from({ length }, (_, n) => counts.reduce((sum, count) => sum + (count[n] ?? 0), 0));
}
