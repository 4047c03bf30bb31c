import type { ExperimentRun } from '../core/experiment';
import { unitsLeft } from './unit-order';

/**
 * Time to the end of what is planned so far, ms: the units left at the mean time of those measured. Null before the first.
 * @param underWayMs since when the present unit is being measured
 */
export function remainingMs(run: ExperimentRun, underWayMs: number): number | null {
  const { units } = run;
  if (units.length === 0) return null;
  const spent = units.reduce(
    (sum, { started_at, finished_at }) => sum + Date.parse(finished_at) - Date.parse(started_at),
    0,
  );
  const mean = spent / units.length;
  const left = unitsLeft(run).length;
  return left === 0 ? 0 : Math.max(0, mean - underWayMs) + mean * (left - 1);
}
