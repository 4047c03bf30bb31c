import type { Adapter } from '../core/backend';
import type { BenchSummary, Compliance, ExperimentRun, MeasuredUnit, PlannedPoint } from '../core/experiment';
import {
  type FigureName,
  type FigurePath,
  figureAt,
  type Intervals,
  type Percentiles,
  type RunSummary,
  type Saturation,
  SUMMARY_FIGURES,
} from '../core/figures';
import { formatFigure, formatMs, formatShare } from '../core/format';
import { acrossRuns, envelope, middleOf } from '../metrics/percentiles';

/** One figure of a measured run, as plots, tables and comparisons show it. */
export interface Figure {
  /** As in the CSV. */
  readonly name: string;
  readonly label: string;
  /** Empty for a share. */
  readonly unit: string;
  readonly kind: 'rate' | 'ms' | 'share' | 'count';
  /** Which way is an improvement; null where it depends. */
  readonly better: 'more' | 'less' | null;
  readonly of: (summary: RunSummary) => number | null;
}

const lostShare = ({ requests, ok }: RunSummary) => (requests > 0 ? 1 - ok / requests : null);

/** A figure of the vocabulary under the name that it has in the CSV, where that is another. */
function figure(path: FigurePath, name: string = path, more = ''): Figure {
  const { label, unit, better } = SUMMARY_FIGURES[path.split('.')[0] as FigureName];
  const kind = unit === 'ms' ? 'ms' : unit === '' ? 'share' : unit.endsWith('/s') ? 'rate' : 'count';
  return { name, label: `${label}${more}`, unit, kind, better, of: (summary) => figureAt(summary, path) };
}

/** Every figure that can be drawn or compared. */
export const FIGURES = {
  throughput: figure('throughput_rps'),
  tokens: figure('throughput_tps'),
  goodput: figure('goodput_rps'),
  p50: figure('latency_ms.p50', 'p50_ms', ' p50'),
  p95: figure('latency_ms.p95', 'p95_ms', ' p95'),
  p99: figure('latency_ms.p99', 'p99_ms', ' p99'),
  ttft: figure('ttft_ms.p95', 'ttft_p95_ms', ' p95'),
  fill: figure('mean_batch_fill'),
  wasted: figure('wasted_token_share'),
  stale: figure('stale_dropped'),
  lost: {
    name: 'lost_share',
    label: 'Not completed',
    unit: '',
    kind: 'share',
    better: 'less',
    of: lostShare,
  },
} as const satisfies Record<string, Figure>;

/** `Latency p95, ms`: a figure as the title of an axis. */
export const axisTitle = ({ label, unit }: { readonly label: string; readonly unit: string }) =>
  unit === '' ? label : `${label}, ${unit}`;

/** A value of it as it reads, without the unit. */
export function showFigure({ kind }: Pick<Figure, 'kind'>, value: number | null): string {
  switch (kind) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'rate':
    case 'count':
      return formatFigure(value);
  }
}

interface Spread {
  readonly min: number;
  readonly max: number;
}

/** The least and the greatest of the repeats; null where the figure was not measured. */
export function spreadOf(units: readonly MeasuredUnit[], figure: Figure): Spread | null {
  const values = units.map((unit) => figure.of(unit.summary)).filter((value) => value !== null);
  return values.length > 0 ? { min: Math.min(...values), max: Math.max(...values) } : null;
}

/** From good to bad. */
const VERDICTS: readonly Saturation[] = ['stable', 'backlogged', 'overloaded'];

/** The run that completed the smallest share of its requests, the first of several. Not empty. */
export function worstRun<Run extends { readonly summary: RunSummary }>(runs: readonly Run[]): Run {
  return runs.reduce((a, b) =>
    b.summary.ok * a.summary.requests < a.summary.ok * b.summary.requests ? b : a,
  );
}

/**
 * Several runs of one configuration as one. Every figure is the median of the runs'. Counts are from `worstRun`, so that no
 * run's losses are hidden. An interval covers the intervals of all runs and the one from the spread between the runs,
 * because latencies within one run are dependent and its own interval is too narrow. @param runs not empty
 */
export function medianSummary(runs: readonly RunSummary[]): RunSummary {
  const { summary: worst } = worstRun(runs.map((summary) => ({ summary })));
  const merge = ([name, entry]: [string, (typeof SUMMARY_FIGURES)[FigureName]]) => {
    const all = <Value>() => runs.map((run) => run[name as FigureName] as Value);
    switch (entry.shape) {
      case 'count':
        return worst[name as FigureName];
      case 'number':
        return median(all());
      case 'times':
        return medianTimes(all());
      case 'intervals':
        return jointIntervals(
          all(),
          runs.map((run) => run[entry.of]),
        );
      case 'verdict':
        return medianVerdict(all());
    }
  };
  const merged = Object.entries(SUMMARY_FIGURES).map((entry) => [entry[0], merge(entry)]);
  return Object.fromEntries(merged) as RunSummary;
}

function medianTimes(runs: readonly (Percentiles | null)[]): Percentiles | null {
  const measured = runs.filter((percentiles) => percentiles !== null);
  if (measured.length === 0) return null;
  const of = (name: keyof Percentiles) => median(measured.map((percentiles) => percentiles[name])) ?? 0;
  return { mean: of('mean'), p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

function jointIntervals(
  each: readonly (Intervals | null)[],
  times: readonly (Percentiles | null)[],
): Intervals | null {
  if (each.every((run) => run === null)) return null;
  const of = (name: keyof Intervals) => {
    const own = envelope(each.map((run) => run?.[name] ?? null));
    const across = acrossRuns(times.flatMap((run) => run?.[name] ?? []));
    return own && across ? envelope([own, across]) : own;
  };
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

/** The median of the values that are not null. */
const median = (figures: readonly (number | null)[]) => middleOf(figures.filter((figure) => figure !== null));

/** Of two in the middle, the worse. */
function medianVerdict(verdicts: readonly (Saturation | null)[]): Saturation | null {
  const sorted = verdicts
    .filter((verdict) => verdict !== null)
    .toSorted((a, b) => VERDICTS.indexOf(a) - VERDICTS.indexOf(b));
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** A point of a run with what its repeats came to. */
export interface PointFigures {
  readonly point: PlannedPoint;
  /** Those measured so far that have a request, by repeat; at least one. */
  readonly units: readonly MeasuredUnit[];
  /** The median of the repeats' figures; the counts of the one that lost most. */
  readonly summary: RunSummary;
  /** p95 of the repeats, ms; null if none completed anything. */
  readonly p95: Spread | null;
  /** Why a repeat was ended early, if one was. */
  readonly endedEarly: string | null;
}

/** In the order of the plan. Probes are left out, and points of which nothing was measured yet. */
export const figuresOf = (run: ExperimentRun): readonly PointFigures[] =>
  run.points
    .filter(({ probe }) => !probe)
    .map((point) => pointFigures(run, point))
    .filter((figures) => figures !== null);

/** Null where nothing was measured yet. */
export function pointFigures({ units }: ExperimentRun, point: PlannedPoint): PointFigures | null {
  const own = units
    .filter((unit) => unit.point === point.id && unit.summary.requests > 0)
    .toSorted((a, b) => a.repeat - b.repeat);
  if (own.length === 0) return null;
  return {
    point,
    units: own,
    summary: medianSummary(own.map(({ summary }) => summary)),
    p95: spreadOf(own, FIGURES.p95),
    endedEarly: own.find(({ ended_early }) => ended_early !== null)?.ended_early ?? null,
  };
}

/** The figures that stand in a table of results, in its order. */
export const RESULT_FIGURES: readonly Figure[] = [
  FIGURES.throughput,
  FIGURES.tokens,
  FIGURES.p50,
  FIGURES.p95,
  FIGURES.p99,
  FIGURES.ttft,
  FIGURES.fill,
  FIGURES.wasted,
  FIGURES.lost,
];

/** One point in the table: medians over its repeats. */
export interface ResultRow {
  readonly point: PlannedPoint;
  readonly repeats: number;
  readonly requests: number;
  /** By `RESULT_FIGURES`. */
  readonly values: readonly (number | null)[];
  /** p95's least and greatest over the repeats; null below two. */
  readonly p95: Spread | null;
  /** Why it was ended early; null when it was not. */
  readonly endedEarly: string | null;
}

/** In the order of the plan; points of which nothing was measured are left out. */
export const resultsOf = (run: ExperimentRun): readonly ResultRow[] =>
  figuresOf(run).map(({ point, units, summary, endedEarly }) => ({
    point,
    repeats: units.length,
    requests: summary.requests,
    values: RESULT_FIGURES.map((figure) => figure.of(summary)),
    p95: units.length > 1 ? spreadOf(units, FIGURES.p95) : null,
    endedEarly,
  }));

/** What a summary says of its settings: a remote engine's serving parameters are its own business. */
export const configOf = (adapter: Adapter, { serving, load }: PlannedPoint): BenchSummary['config'] =>
  adapter.kind === 'remote' ? load : { ...serving, ...load };

/** Over all repeats; null for an engine of Headway's own. */
export function complianceOf(units: readonly MeasuredUnit[]): Compliance | null {
  const [first, ...others] = units.flatMap(({ compliance }) => compliance ?? []);
  if (!first) return null;
  return others.reduce(
    (a, b) => ({
      completed: a.completed + b.completed,
      shortAnswers: a.shortAnswers + b.shortAnswers,
      askedTokens: a.askedTokens + b.askedTokens,
      receivedTokens: a.receivedTokens + b.receivedTokens,
      countedByChunks: a.countedByChunks + b.countedByChunks,
      notStreamed: a.notStreamed + b.notStreamed,
    }),
    first,
  );
}

/** How far forced lengths were not honoured. */
export const shortness = (
  compliance: Compliance | null,
): Pick<BenchSummary, 'short_answers' | 'shorter_by'> => ({
  short_answers: compliance?.shortAnswers ?? null,
  shorter_by:
    compliance && compliance.askedTokens > 0 ? 1 - compliance.receivedTokens / compliance.askedTokens : null,
});
