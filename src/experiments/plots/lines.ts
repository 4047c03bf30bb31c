import type { ExperimentRun, ParameterName, PlannedPoint } from '../../core/experiment';
import { axisTitle, FIGURES, type Figure, type PointFigures, pointFigures } from '../figures';
import { axisLabel, axisName, axisSlug, axisValue, isCounted } from '../parameters';
import {
  baselineOf,
  linesOf,
  type PlotAxis,
  type PlotPoint,
  type PlotSeries,
  plotPoint,
  type XyPlot,
} from './plot';

/** A figure against what the experiment varies first, with a line for each value of the other axes and the baseline as a point. */
export function againstAxis(
  run: ExperimentRun,
  all: readonly PointFigures[],
  figure: Figure,
  slug: string,
): XyPlot {
  const name = run.axes[0];
  const planned = run.points.filter(({ probe }) => !probe);
  const axis = name ? parameterAxis(name, planned) : namedAxis(planned);
  const xOf = (point: PlannedPoint) => placeOn(axis, name ? axisValue(point, name) : point.label);
  const placed = (of: readonly PointFigures[]): readonly PlotPoint[] =>
    of
      .flatMap((figures) => plotPoint(figures, xOf(figures.point), figure) ?? [])
      .toSorted((a, b) => a.x - b.x);
  const lines = linesOf(run, all).map((line): PlotSeries => {
    const style = axis.scale === 'category' ? 'lone' : 'marks';
    return { label: line.label || figure.label, style, points: placed(line.figures) };
  });
  const baseline = placed(all.filter(({ point }) => point.baseline));
  return {
    kind: 'xy',
    name: `${slug}_vs_${name ? axisSlug(name) : 'setting'}`,
    title: `${figure.label} against ${name ? axisName(name).toLowerCase() : 'setting'}`,
    caption: run.repeats > 1 ? 'Points are medians of the repeats, bars their least and greatest.' : '',
    x: axis,
    y: { label: axisTitle(figure), scale: figure.kind === 'share' ? 'share' : 'linear', ticks: null },
    series: [...lines, ...baselineOf(baseline)],
    limit: limitOf(run, figure),
    labelled: false,
  };
}

function parameterAxis(name: ParameterName, points: readonly PlannedPoint[]): PlotAxis {
  const label = axisLabel(name);
  const values = [...new Set(points.map((point) => axisValue(point, name)))];
  const numbers = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  if (numbers.length < values.length) return { label, scale: 'category', ticks: values };
  if (!isCounted(name)) return { label, scale: 'linear', ticks: null };
  const [least = 0, greatest = 0] = [numbers[0], numbers.at(-1)];
  return { label, scale: least > 0 && greatest / least >= 8 ? 'log' : 'linear', ticks: numbers };
}

/** With nothing varied, points stand side by side under their names. */
const namedAxis = (points: readonly PlannedPoint[]): PlotAxis => ({
  label: 'Setting',
  scale: 'category',
  ticks: points.map((point) => point.label),
});

function placeOn({ scale, ticks }: PlotAxis, value: string | number): number | null {
  if (scale !== 'category') return typeof value === 'number' ? value : null;
  const index = ticks?.indexOf(value) ?? -1;
  return index < 0 ? null : index;
}

/** The objective on p95, where all points have the same. */
function limitOf({ points }: ExperimentRun, figure: Figure): XyPlot['limit'] {
  const [limit, ...others] = new Set(points.map(({ slo }) => slo.p95Ms));
  if (figure.name !== 'p95_ms' || typeof limit !== 'number' || others.length > 0) return null;
  return { y: limit, label: `SLO ${limit} ms` };
}

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

const PERCENTILES: readonly Figure[] = [FIGURES.p50, FIGURES.p95, FIGURES.p99];

/** Past this ratio of the highest to the lowest, a linear axis shows the highest alone. */
const TOO_FAR_APART = 30;

/** Latency against what is swept, a line for each percentile: flat for as long as the server keeps up, then steep. */
export function hockeyStick(run: ExperimentRun, all: readonly PointFigures[]): XyPlot {
  const plots = PERCENTILES.map((figure) => againstAxis(run, all, figure, 'latency'));
  const p95 = againstAxis(run, all, FIGURES.p95, 'latency');
  const series = plots.flatMap((plot, index) =>
    plot.series.map((line) => ({ ...line, label: PERCENTILES[index]?.label ?? line.label })),
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

/** What each setting serves under a crowd, measured before the search: side by side. */
export function capacities(run: ExperimentRun): XyPlot {
  const probes = run.points.filter(({ probe }) => probe);
  const axis: PlotAxis = { ...namedAxis(probes), label: 'Setting under a crowd' };
  const points = probes.flatMap((point) => {
    const figures = pointFigures(run, point);
    return (figures && plotPoint(figures, placeOn(axis, point.label), FIGURES.throughput)) ?? [];
  });
  return {
    kind: 'xy',
    name: 'capacities',
    title: 'Capacity of each setting',
    caption: 'Measured first, to know where the search begins.',
    x: axis,
    y: { label: axisTitle(FIGURES.throughput), scale: 'linear', ticks: null },
    series: [{ label: FIGURES.throughput.label, style: 'lone', points }],
    limit: null,
    labelled: false,
  };
}
