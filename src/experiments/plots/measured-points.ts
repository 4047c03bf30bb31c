import { axisText, axisValue } from '../axis-value';
import type { Figure } from '../figures';
import type { PointFigures } from '../point-figures';
import type { ExperimentRun } from '../run';
import { spreadOf } from '../spread';
import type { PlotPoint } from './plot';

/** Where a point stands in a plot of `y`; null where it was not measured. */
export function plotPoint(figures: PointFigures, x: number | null, y: Figure): PlotPoint | null {
  const value = y.of(figures.summary);
  const spread = figures.units.length > 1 ? spreadOf(figures.units, y) : null;
  if (x === null || value === null) return null;
  return {
    x,
    y: value,
    low: spread?.min ?? null,
    high: spread?.max ?? null,
    point: figures.point.id,
    text: figures.point.label,
    flag: flagOf(figures),
  };
}

function flagOf({ endedEarly, summary }: PointFigures): PlotPoint['flag'] {
  if (endedEarly !== null) return 'ended early';
  return summary.ok < summary.requests ? 'lost' : null;
}

export interface PlotLine {
  readonly label: string;
  readonly figures: readonly PointFigures[];
}

/** The points without the baseline, a line for each value of the axes after the first; in the order of the plan. */
export function linesOf({ axes }: ExperimentRun, all: readonly PointFigures[]): readonly PlotLine[] {
  const labelOf = ({ point }: PointFigures) =>
    axes
      .slice(1)
      .map((name) => axisText(name, axisValue(point, name)))
      .join(', ');
  const swept = all.filter(({ point }) => !point.baseline);
  return [...new Set(swept.map(labelOf))].map((label) => ({
    label,
    figures: swept.filter((figures) => labelOf(figures) === label),
  }));
}
