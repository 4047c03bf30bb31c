import type { ExperimentRun } from '../../core/experiment';
import { FIGURES, type Figure, figuresOf, type PointFigures } from '../figures';
import { batchFill, latencyCdf } from './distributions';
import { againstAxis, capacities, frontier, hockeyStick } from './lines';
import type { Plot } from './plot';
import { fewOf } from './plot';

type PlotMaker = (run: ExperimentRun, all: readonly PointFigures[]) => Plot;

const against =
  (figure: Figure, slug: string): PlotMaker =>
  (run, all) =>
    againstAxis(run, all, figure, slug);

const throughput = against(FIGURES.throughput, 'throughput');
const p95 = against(FIGURES.p95, 'p95');
const p50 = against(FIGURES.p50, 'p50');
const goodput = against(FIGURES.goodput, 'goodput');
const meanFill = against(FIGURES.fill, 'mean_fill');
const stale = against(FIGURES.stale, 'stale');
const wasted = against(FIGURES.wasted, 'wasted');
const fill: PlotMaker = (_, all) => batchFill(all);

const MOST_LINES = 4;
const cdfOfFew: PlotMaker = (_, all) => latencyCdf(fewOf(all, MOST_LINES), 'latency_cdf');

/** The lab asks for the baseline and batch 8. */
const labCdf: PlotMaker = (_, all) =>
  latencyCdf(
    all.filter(({ point }) => point.baseline || point.serving.maxBatch === 8),
    'latency_cdf_baseline_vs_batch8',
  );

const LAB: readonly PlotMaker[] = [throughput, p95, labCdf, fill, frontier];
const ANY: readonly PlotMaker[] = [frontier, throughput, p95, cdfOfFew, fill];

/** The plots of each preset; an experiment that is not listed has those of `ANY`. */
const SHOWN: ReadonlyMap<string, readonly PlotMaker[]> = new Map([
  ['lab-02', LAB],
  ['lab-02-low-load', LAB],
  ['highest-rate', [p95, throughput, capacities]],
  ['rate-sweep', [hockeyStick, throughput, goodput, cdfOfFew]],
  ['channel-spike', [meanFill, stale, p95, fill]],
  ['micro-batch-cap', [p50, throughput, p95, frontier]],
  ['abandonment', [wasted, throughput, p95, fill]],
]);

/** The plots of what a run has measured so far; plots without any point are left out. */
export function plotsOf(run: ExperimentRun): readonly Plot[] {
  const all = figuresOf(run);
  const makers = SHOWN.get(run.experiment) ?? ANY;
  return makers.map((make) => make(run, all)).filter((plot) => !isEmpty(plot));
}

const isEmpty = (plot: Plot) =>
  plot.kind === 'xy' ? plot.series.every(({ points }) => points.length === 0) : plot.facets.length === 0;
