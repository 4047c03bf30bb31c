import type { MeasuredUnit } from '../core/experiment';
import type { Figure } from './figures';

export interface Spread {
  readonly min: number;
  readonly max: number;
}

/** The least and the greatest of the repeats; null where the figure was not measured. */
export function spreadOf(units: readonly MeasuredUnit[], figure: Figure): Spread | null {
  const values = units.map((unit) => figure.of(unit.summary)).filter((value) => value !== null);
  return values.length > 0 ? { min: Math.min(...values), max: Math.max(...values) } : null;
}
