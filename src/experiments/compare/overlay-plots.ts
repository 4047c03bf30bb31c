import { FIGURES, type Figure } from '../figures';
import { againstAxis } from '../plots/against-axis';
import { fewOf } from '../plots/few-of';
import { frontier } from '../plots/frontier';
import { latencyCdf } from '../plots/latency-cdf';
import type { Plot, PlotSeries, XyPlot } from '../plots/plot';
import { figuresOf } from '../point-figures';
import { pointsOf, type Selection, selectionLabel } from './selection';

const MOST_DISTRIBUTIONS = 6;

/** Several runs, or points of them, in the same plots: each figure against what all of them vary first, and distributions. */
export function overlayPlots(selections: readonly Selection[]): readonly Plot[] {
  const [first] = selections;
  if (!first) return [];
  const sharesAxis = selections.every(({ run }) => run.axes[0] === first.run.axes[0]);
  const swept = sharesAxis && selections.some(({ point }) => point === null);
  const plots = [
    laid(selections, (selection) => frontier(selection.run, chosen(selection))),
    ...(swept
      ? [against(selections, FIGURES.throughput, 'throughput'), against(selections, FIGURES.p95, 'p95')]
      : []),
    distributions(selections),
  ];
  return plots.filter(({ series }) => series.length > 0);
}

function chosen(selection: Selection) {
  const ids = new Set(pointsOf(selection).map(({ id }) => id));
  return figuresOf(selection.run).filter(({ point }) => ids.has(point.id));
}

/** Over the values that any of them has. */
function against(selections: readonly Selection[], figure: Figure, slug: string): XyPlot {
  const points = selections.flatMap(({ run }) => run.points);
  return laid(selections, (selection) =>
    againstAxis({ ...selection.run, points }, chosen(selection), figure, slug),
  );
}

/** One plot each, as one: under the axes of the first, every series under its selection's letter. */
function laid(selections: readonly Selection[], plotOf: (selection: Selection) => XyPlot): XyPlot {
  const plots = selections.map(plotOf);
  const series = plots.flatMap((plot, index) => {
    const selection = selections[index];
    return selection ? relabelled(plot.series, selection) : [];
  });
  const [first] = plots;
  if (!first) throw new RangeError('Nothing is laid over nothing.');
  return {
    ...first,
    series,
    labelled: false,
    caption: 'Points are medians of the repeats, bars their extremes.',
  };
}

function relabelled(series: readonly PlotSeries[], selection: Selection): readonly PlotSeries[] {
  const lines = series.filter(({ style, points }) => style !== 'path' && points.length > 0);
  const label = selectionLabel(selection);
  if (lines.length === 1) return lines.map((line) => ({ ...line, label }));
  return lines.map((line) => ({ ...line, label: `${selection.letter} · ${line.label}` }));
}

/** Of the points that were chosen; of whole runs a few. */
function distributions(selections: readonly Selection[]): XyPlot {
  const most = Math.max(1, Math.floor(MOST_DISTRIBUTIONS / selections.length));
  return laid(selections, (selection) => latencyCdf(fewOf(chosen(selection), most), 'latency_cdf'));
}
