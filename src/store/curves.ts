import type { FinishedSetting } from './operating-point';

/** Parts of a setting that a slider sweeps: batch, wait, load. See `labelParts`. */
const SWEPT = [1, 2, 3];

/**
 * Finished settings that differ in one swept quantity alone, in its order: the curve that moving that slider drew.
 * Of several quantities the one with the most values is taken, so that a grid gives curves and not a mesh.
 */
export function sweepCurves(finished: readonly FinishedSetting[]): readonly (readonly FinishedSetting[])[] {
  const valuesOf = (index: number) => new Set(finished.map(({ parts }) => parts[index] ?? '')).size;
  const swept = SWEPT.reduce(
    (best, index) => (valuesOf(index) > valuesOf(best) ? index : best),
    SWEPT[0] ?? 1,
  );
  const groups = new Map<string, FinishedSetting[]>();
  for (const setting of finished) {
    const key = setting.parts.with(swept, '').join('|');
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  const amount = ({ parts }: FinishedSetting) => Number.parseFloat(parts[swept]?.replace(/^\D+/, '') ?? '');
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted((a, b) => amount(a) - amount(b)));
}
