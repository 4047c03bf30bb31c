import type { Calibration } from '../core/calibration';
import type {
  BenchResult,
  ExperimentRun,
  MeasuredUnit,
  Measurement,
  ParameterName,
  PlannedPoint,
} from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { type CommonSetting, plannedPoint, type SettingChanges } from './experiment';
import { figuresOf } from './figures';
import type { Plot } from './plots/plot';
import { errorOf, type Predicted, type PredictionError, predictRun, twinEnvironment } from './predict';

/** Predictions as an experiment: what is plotted, kept and compared as any other, on a simulated adapter. */
export function predictedRun(
  predictions: readonly Predicted[],
  axes: readonly ParameterName[],
  calibration: Calibration,
  args: readonly string[] = [],
): ExperimentRun {
  const summary = predictions[0]?.result.summary;
  const points = predictions.map(({ result }) => pointOf(result, axes));
  return {
    format: 'headway-experiment',
    version: 1,
    id: `predicted-${calibration.fitted_at}`,
    name: `Twin of ${calibration.adapter.name}`,
    experiment: 'grid',
    title: `Predicted by the twin of ${calibration.adapter.name}`,
    says: 'What the machine would do by the costs of its steps; nothing of it was measured.',
    environment: twinEnvironment(calibration, { revision: summary?.revision ?? '', args }),
    status: { kind: 'finished' },
    seed: summary?.seed ?? 1,
    repeats: summary?.repeats ?? 1,
    axes: axes.length > 0 ? axes.slice(0, 2) : ['maxBatch'],
    points,
    units: predictions.flatMap((prediction, at) =>
      unitsOf(prediction, points[at] as PlannedPoint, calibration),
    ),
    started_at: calibration.fitted_at,
    finished_at: calibration.fitted_at,
  };
}

function pointOf({ options, summary }: BenchResult, axes: readonly ParameterName[]): PlannedPoint {
  const common: CommonSetting = {
    base: { ...options.serving, ...changeLoadConfig(DEFAULT_LOAD_CONFIG, options.load) },
    slo: options.slo,
    requests: options.requests,
    durationS: options.durationS,
  };
  const changes = Object.fromEntries(axes.map((name) => [name, summary.config[name]])) as SettingChanges;
  return plannedPoint(common, changes);
}

const unitsOf = (
  { runs }: Predicted,
  point: PlannedPoint,
  calibration: Calibration,
): readonly MeasuredUnit[] =>
  runs.map((measurement, index) => unitOf(point, index + 1, calibration, measurement));

const unitOf = (
  { id }: PlannedPoint,
  repeat: number,
  { fitted_at }: Calibration,
  { summary, records, batchFill, counters, clipped, trace, endedEarly }: Measurement,
): MeasuredUnit => ({
  point: id,
  repeat,
  started_at: fitted_at,
  finished_at: fitted_at,
  summary,
  records,
  batch_fill: batchFill,
  counters,
  clipped,
  warmup_requests: 0,
  trace,
  ended_early: endedEarly,
});

/** An experiment as its machine's twin would have measured it: the same points, repeats and seeds. @param rest called between two points */
export async function twinOfRun(
  run: ExperimentRun,
  calibration: Calibration,
  rest: () => Promise<void> = async () => {},
): Promise<ExperimentRun> {
  const units: MeasuredUnit[] = [];
  for (const point of run.points) {
    if (!run.units.some((unit) => unit.point === point.id) || point.load.arrival === 'trace') continue;
    for (let repeat = 1; repeat <= run.repeats; repeat++) {
      const { serving, slo, requests, durationS } = point;
      const load = { ...point.load, seed: run.seed + repeat - 1 };
      const measured = { load, serving, slo, requests, durationS, warmupRequests: 0, endHopeless: false };
      units.push(unitOf(point, repeat, calibration, predictRun(measured, calibration)));
    }
    await rest();
  }
  return {
    ...run,
    id: `twin of ${run.id}`,
    name: `${run.name}, predicted`,
    says: `What the twin of ${calibration.adapter.name} predicts for this experiment; nothing of it was measured.`,
    environment: twinEnvironment(calibration),
    status: { kind: 'finished' },
    units,
  };
}

/** Measured plots with the predicted lines in them, where both have the same axes. */
export function withPredicted(measured: readonly Plot[], predicted: readonly Plot[]): readonly Plot[] {
  return measured.map((plot) => {
    const twin = predicted.find(({ name }) => name === plot.name);
    if (plot.kind !== 'xy' || twin?.kind !== 'xy') return plot;
    const lines = twin.series
      .filter(({ style }) => style !== 'steps')
      .map((series) => ({ ...series, label: `${series.label}, predicted` }));
    return { ...plot, series: [...plot.series, ...lines] };
  });
}

/** How far the twin is off at each measured point. */
export function errorsOfRun(
  run: ExperimentRun,
  twin: ExperimentRun,
): readonly { readonly point: PlannedPoint; readonly error: PredictionError }[] {
  const predicted = new Map(figuresOf(twin).map(({ point, summary }) => [point.id, summary]));
  return figuresOf(run).flatMap(({ point, summary }) => {
    const of = predicted.get(point.id);
    return of ? [{ point, error: errorOf(of, summary) }] : [];
  });
}
