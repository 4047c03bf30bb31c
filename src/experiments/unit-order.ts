import type { ExperimentRun, PlannedPoint } from '../core/experiment';
import { createRng } from '../traffic/rng';

/** What is measured at once. */
export interface Unit {
  readonly point: PlannedPoint;
  /** From 1. */
  readonly repeat: number;
}

/**
 * The units that are not measured yet, in the order of measurement: shuffled by the seed, so that a drift of the machine
 * spreads over all points. A point's repeats come in their order. The same units of the same seed come in the same order,
 * whatever has been measured before, so that a run goes on after a reload as it would have.
 */
export function unitsLeft({ points, repeats, seed, units }: ExperimentRun): readonly Unit[] {
  const measured = new Set(units.map(({ point, repeat }) => `${point} ${repeat}`));
  return points
    .flatMap((point) => ranked(point, repeats, seed))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ unit }) => unit)
    .filter(({ point, repeat }) => !measured.has(`${point.id} ${repeat}`));
}

function ranked(point: PlannedPoint, repeats: number, seed: number) {
  const rng = createRng(seed).fork(`order of ${point.id}`);
  const ranks = Array.from({ length: repeats }, () => rng.uniform()).sort((a, b) => a - b);
  return ranks.map((rank, index) => ({ rank, unit: { point, repeat: index + 1 } }));
}
