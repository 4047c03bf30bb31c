import type { ExperimentRun, MeasuredUnit, PlannedPoint } from '../core/experiment';
import type { RunSummary } from '../core/figures';
import { FIGURES } from './figures';
import { medianSummary } from './median-summary';
import { type Spread, spreadOf } from './spread';

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
