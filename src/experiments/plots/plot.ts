import type { ExperimentRun, ParameterName, PlannedPoint } from '../../core/experiment';
import { type Figure, type PointFigures, spreadOf } from '../figures';
import { axisText, axisValue } from '../parameters';

/** At most `most` of a list, evenly, the first and the last always among them. */
export function fewOf<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

/** A plot of an experiment as data: what is drawn, without how. */
export type Plot = XyPlot | FillPlot;

interface Described {
  /** Of its picture's file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** How to read it, as sentences. */
  readonly caption: string;
}

/** Points, lines and steps over two axes. */
export interface XyPlot extends Described {
  readonly kind: 'xy';
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly series: readonly PlotSeries[];
  /** An objective, drawn across in the units of y. */
  readonly limit: { readonly y: number; readonly label: string } | null;
  /** Whether each point has its words beside it. */
  readonly labelled: boolean;
}

export interface PlotAxis {
  /** With its unit. */
  readonly label: string;
  readonly scale: 'linear' | 'log' | 'share' | 'category';
  /** Where ticks must stand; null = where they are round. A category's points stand at the indices of these. */
  readonly ticks: readonly (string | number)[] | null;
}

export interface PlotSeries {
  readonly label: string;
  /** `marks`: a line through its marks. `lone`: marks alone. `steps`: a distribution. */
  readonly style: 'marks' | 'lone' | 'steps';
  /** In the order of drawing. */
  readonly points: readonly PlotPoint[];
}

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Least and greatest y of the repeats; null where there is one, or none to speak of. */
  readonly low: number | null;
  readonly high: number | null;
  readonly point: PlannedPoint['id'];
  readonly text: string;
  /** Requests were not completed, or the point was ended early: drawn so that it does not pass for a good one. */
  readonly flag: 'lost' | 'ended early' | null;
}

/** How full batches were, a histogram for each point. */
export interface FillPlot extends Described {
  readonly kind: 'fill';
  readonly facets: readonly FillFacet[];
}

interface FillFacet {
  readonly point: PlannedPoint['id'];
  readonly label: string;
  /** `batchFill[n]` = batches of n members; index 0 is unused. */
  readonly batchFill: readonly number[];
  readonly maxBatch: number;
}

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

interface PlotLine {
  readonly label: string;
  readonly figures: readonly PointFigures[];
}

/**
 * The points without the baseline, a line for each value of the axes after the first. A line that is planned and not
 * measured yet is there without points, so that the others keep their places. Where the other axes are numbers that
 * change along with the first, as the waits of lab-02 do with its batches, all points are one curve.
 */
export function linesOf(run: ExperimentRun, all: readonly PointFigures[]): readonly PlotLine[] {
  const curve = curveLabel(run);
  if (curve !== null) return [{ label: curve, figures: all.filter(({ point }) => !point.baseline) }];
  const labelOf = (point: PlannedPoint) =>
    run.axes
      .slice(1)
      .map((name) => axisText(name, axisValue(point, name)))
      .join(', ');
  const swept = sweptPoints(run);
  return [...new Set(swept.map(labelOf))].map((label) => ({
    label,
    figures: all.filter(({ point }) => !point.baseline && labelOf(point) === label),
  }));
}

const sweptPoints = ({ points }: ExperimentRun) =>
  points.filter(({ baseline, probe }) => !baseline && !probe);

/** `Max wait 0 to 50 ms`: the other axes along the one curve; null where the points make several lines. */
function curveLabel(run: ExperimentRun): string | null {
  const [first, ...others] = run.axes;
  const points = sweptPoints(run);
  if (!first || others.length === 0 || points.length < 2) return null;
  const values = (name: ParameterName) => points.map((point) => axisValue(point, name));
  const isNumeric = (name: ParameterName) => values(name).every((value) => typeof value === 'number');
  if (new Set(values(first)).size < points.length || !others.every(isNumeric)) return null;
  return others
    .map((name) => {
      const [least, most] = [Math.min(...values(name).map(Number)), Math.max(...values(name).map(Number))];
      return axisText(name, least === most ? least : `${least} to ${most}`);
    })
    .join(', ');
}

/** What the lines are compared with, once it is measured. */
export const baselineOf = (points: readonly PlotPoint[]): readonly PlotSeries[] =>
  points.length > 0 ? [{ label: 'Baseline', style: 'lone', points }] : [];
