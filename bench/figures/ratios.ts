import { medianOf } from '../../src/metrics/percentiles';

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Of pairs that were measured next to each other in time: on a shared machine both sides of a pair have the same weather.
 * @returns null if there is no pair
 */
export function ratioOf(pairs: readonly (readonly [number, number])[]): Ratio | null {
  const ratios = pairs.map(([over, under]) => over / under).filter(Number.isFinite);
  const median = medianOf(ratios);
  return median === null ? null : { median, least: Math.min(...ratios), most: Math.max(...ratios) };
}
