import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import { axisText, axisValue } from '../axis-value';
import type { Figure } from '../figures';
import type { PointFigures } from '../point-figures';
import { spreadOf } from '../spread';
import type { PlotPoint, PlotSeries } from './plot';

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

/**
 * The points without the baseline, a line for each value of the axes after the first. A line that is planned and not
 * measured yet is there without points, so that the others keep their places.
 */
export function linesOf(run: ExperimentRun, all: readonly PointFigures[]): readonly PlotLine[] {
  const labelOf = (point: PlannedPoint) =>
    run.axes
      .slice(1)
      .map((name) => axisText(name, axisValue(point, name)))
      .join(', ');
  const swept = run.points.filter(({ baseline, probe }) => !baseline && !probe);
  return [...new Set(swept.map(labelOf))].map((label) => ({
    label,
    figures: all.filter(({ point }) => !point.baseline && labelOf(point) === label),
  }));
}

/** What the lines are compared with, once it is measured. */
export const baselineOf = (points: readonly PlotPoint[]): readonly PlotSeries[] =>
  points.length > 0 ? [{ label: 'Baseline', style: 'lone', points }] : [];
