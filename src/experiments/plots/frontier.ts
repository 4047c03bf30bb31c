import type { ExperimentRun } from '../../core/experiment';
import { axisTitle, FIGURES } from '../figures';
import type { PointFigures } from '../point-figures';
import { baselineOf, linesOf, plotPoint } from './measured-points';
import type { PlotSeries, XyPlot } from './plot';

/** Throughput against p95, each point with its words: where a server can stand. */
export function frontier(run: ExperimentRun, all: readonly PointFigures[]): XyPlot {
  const placed = (of: readonly PointFigures[]) =>
    of.flatMap((figures) => plotPoint(figures, FIGURES.throughput.of(figures.summary), FIGURES.p95) ?? []);
  const lines = linesOf(run, all).map(
    (line): PlotSeries => ({ label: line.label || 'Settings', style: 'marks', points: placed(line.figures) }),
  );
  return {
    kind: 'xy',
    name: 'throughput_vs_p95',
    title: 'Throughput against tail latency',
    caption: 'Right and low is better. Points are medians of the repeats, bars the least and greatest p95.',
    x: { label: axisTitle(FIGURES.throughput), scale: 'linear', ticks: null },
    y: { label: axisTitle(FIGURES.p95), scale: 'linear', ticks: null },
    series: [...lines, ...baselineOf(placed(all.filter(({ point }) => point.baseline)))],
    limit: null,
    labelled: true,
  };
}
