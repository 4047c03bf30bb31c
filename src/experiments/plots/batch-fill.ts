import { slotsOf } from '../../core/serving-config';
import type { PointFigures } from '../point-figures';
import { fewOf } from './few-of';
import type { FillPlot } from './plot';

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
