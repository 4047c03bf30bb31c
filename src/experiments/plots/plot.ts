import type { PlannedPoint } from '../../core/experiment';

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
  /** `marks`: a line through its marks. `lone`: marks alone. `path`: a thin line without marks. `steps`: a distribution. */
  readonly style: 'marks' | 'lone' | 'path' | 'steps';
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

export interface FillFacet {
  readonly point: PlannedPoint['id'];
  readonly label: string;
  /** `batchFill[n]` = batches of n members; index 0 is unused. */
  readonly batchFill: readonly number[];
  readonly maxBatch: number;
}
