import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import { figuresOf } from '../point-figures';
import type { Side } from './side';

/** What is laid beside something else: a run, or one point of it. */
export interface Selection {
  /** `A`, `B`, …: tells it in plots and tables, whatever the names are. */
  readonly letter: string;
  readonly run: ExperimentRun;
  /** Null: all of them. */
  readonly point: PlannedPoint | null;
}

/** `A · My run, max batch 8`. */
export const selectionLabel = ({ letter, run, point }: Selection): string =>
  `${letter} · ${run.name}${point ? `, ${point.label}` : ''}`;

/** The measured points of a selection. */
export const pointsOf = ({ run, point }: Selection): readonly PlannedPoint[] =>
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
