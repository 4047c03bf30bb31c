import type { ExperimentRun, PlannedPoint } from '../core/experiment';
import { FIGURES, type Figure } from './figures';
import { figuresOf } from './point-figures';
import { type Spread, spreadOf } from './spread';

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
