import type { ExperimentRun, ParameterName, PlannedPoint } from '../core/experiment';
import { nameAndHash } from '../core/format';
import type { Side } from './compare';
import { FIGURES, type Figure, figuresOf } from './figures';
import { axisText, PARAMETERS } from './parameters';
import { latencyCdf } from './plots/distributions';
import { againstAxis, frontier } from './plots/lines';
import { fewOf, type Plot, type PlotSeries, type XyPlot } from './plots/plot';

/** One side of a comparison: a run, or one point of it. */
export interface Selection {
  /** `A`, `B`, …: its name in plots and tables. */
  readonly letter: string;
  readonly run: ExperimentRun;
  /** Null: all of them. */
  readonly point: PlannedPoint | null;
}

/** `A · My run, max batch 8`. */
const selectionLabel = ({ letter, run, point }: Selection): string =>
  `${letter} · ${run.name}${point ? `, ${point.label}` : ''}`;

/** The measured points of a selection. */
const pointsOf = ({ run, point }: Selection): readonly PlannedPoint[] =>
  figuresOf(run)
    .map((figures) => figures.point)
    .filter(({ id }) => point === null || id === point.id);

/**
 * Which points are compared: one with one, one with each, or of two whole runs each with the one under the same id. Never
 * a point with itself.
 */
export function pairsOf(reference: Selection, other: Selection): readonly (readonly [Side, Side])[] {
  const whole = reference.point === null && other.point === null;
  return pointsOf(reference).flatMap((before) =>
    pointsOf(other)
      .filter((after) => !whole || after.id === before.id)
      .filter((after) => reference.run.id !== other.run.id || after.id !== before.id)
      .map(
        (after) =>
          [
            { run: reference.run, point: before },
            { run: other.run, point: after },
          ] as const,
      ),
  );
}

interface WhatDiffers {
  /** The settings of the two points, as clauses: `Max batch 8 requests against 16`. */
  readonly settings: readonly string[];
  /** All other differences: hardware, model, requests. */
  readonly others: readonly string[];
}

/** The differences of two points, by name and value. */
export function whatDiffers(a: Side, b: Side): WhatDiffers {
  return { settings: settingsApart(a, b), others: othersApart(a, b) };
}

/** A warning where the points differ in more than one kind of thing; null where they do not. */
export function comparisonWarning({ settings, others }: WhatDiffers): string | null {
  if (others.length === 0 || (settings.length === 0 && others.length === 1)) return null;
  const compared = settings.length > 0 ? 'the settings' : 'one thing';
  return `They differ in more than ${compared}, and all of it affects the figures: ${others.join('; ')}.`;
}

function settingsApart(a: Side, b: Side): readonly string[] {
  const [before, after] = [valuesOf(a), valuesOf(b)];
  return (Object.keys(PARAMETERS) as ParameterName[])
    .filter((name) => name !== 'seed' && before[name] !== after[name])
    .map((name) => `${axisText(name, before[name])} against ${after[name]}`);
}

const valuesOf = ({ point }: Side) => ({ ...point.serving, ...point.load });

function othersApart(a: Side, b: Side): readonly string[] {
  const facts = ({ run, point }: Side): Readonly<Record<string, string>> => ({
    adapter: run.environment.adapter.name,
    model: nameAndHash(run.environment.model, 8),
    seed: String(run.seed),
    revision: run.environment.revision,
    browser: run.environment.browser,
    extent: point.requests === null ? `${point.durationS} s` : `${point.requests} requests`,
    repeats: String(run.repeats),
  });
  const after = facts(b);
  return Object.entries(facts(a)).flatMap(([name, was]) =>
    was === after[name] ? [] : `${name} ${was} against ${after[name]}`,
  );
}

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
  const lines = series.filter(({ points }) => points.length > 0);
  const label = selectionLabel(selection);
  if (lines.length === 1) return lines.map((line) => ({ ...line, label }));
  return lines.map((line) => ({ ...line, label: `${selection.letter} · ${line.label}` }));
}

/** Of the points that were chosen; of whole runs a few. */
function distributions(selections: readonly Selection[]): XyPlot {
  const most = Math.max(1, Math.floor(MOST_DISTRIBUTIONS / selections.length));
  return laid(selections, (selection) => latencyCdf(fewOf(chosen(selection), most), 'latency_cdf'));
}
