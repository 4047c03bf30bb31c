import type { ExperimentRun } from '../../core/experiment';
import { axisTitle, FIGURES, type Figure } from '../figures';
import type { PointFigures } from '../point-figures';
import { againstAxis } from './against-axis';
import type { XyPlot } from './plot';

const PERCENTILES: readonly Figure[] = [FIGURES.p50, FIGURES.p95, FIGURES.p99];

/** Past this ratio of the highest to the lowest, a linear axis shows the highest alone. */
const TOO_FAR_APART = 30;

/** Latency against what is swept, a line for each percentile: flat for as long as the server keeps up, then steep. */
export function hockeyStick(run: ExperimentRun, all: readonly PointFigures[]): XyPlot {
  const plots = PERCENTILES.map((figure) => againstAxis(run, all, figure, 'latency'));
  const p95 = againstAxis(run, all, FIGURES.p95, 'latency');
  const series = plots.flatMap((plot, index) =>
    plot.series
      .filter(({ style }) => style !== 'path')
      .map((line) => ({ ...line, label: PERCENTILES[index]?.label ?? line.label })),
  );
  const latencies = series.flatMap(({ points }) => points.map(({ y }) => y));
  const apart = Math.max(...latencies) / Math.min(...latencies);
  return {
    ...p95,
    title: p95.title.replace(FIGURES.p95.label, 'Latency'),
    y: {
      label: axisTitle({ label: 'Latency', unit: 'ms' }),
      scale: apart > TOO_FAR_APART ? 'log' : 'linear',
      ticks: null,
    },
    series,
  };
}
