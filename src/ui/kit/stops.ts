import { logNormalOf, rangeOf } from '../../core/parameter';
import { formatTick } from '../../store/format';

/** Where a slider stops: numbers, ascending, perhaps after one word ("eos", "off") that stands first. */
export type Stop = number | string;

/**
 * A value's place on a slider whose stops stand at equal distances: 0 at the first, 1 at the second. A value between two
 * stops stands between them; beyond the last, on the last; a range stands at its middle, a distribution at its median.
 */
export function positionOf(stops: readonly Stop[], value: Stop): number {
  const exact = stops.indexOf(value);
  if (exact >= 0) return exact;
  if (typeof value === 'string') {
    const [median] = logNormalOf(value) ?? [];
    const [low, high] = rangeOf(value) ?? [median, median];
    return low === undefined || high === undefined ? 0 : positionOf(stops, (low + high) / 2);
  }
  const above = stops.findIndex((stop) => typeof stop === 'number' && stop > value);
  if (above < 0) return stops.length - 1;
  const high = stops[above];
  const low = stops[above - 1];
  if (typeof low !== 'number' || typeof high !== 'number') return above;
  return above - 1 + (value - low) / (high - low);
}

/** A stop as a tick label: 1000 → 1k, and 1024, as queues and contexts come, → 1k too; the field shows all digits. */
export function stopText(stop: Stop): string {
  if (typeof stop === 'string') return stop;
  if (stop >= 1024 && stop % 1024 === 0) return `${stop / 1024}k`;
  return formatTick(stop);
}

/** At most about seven tick labels: every one, or every second, and always the last. */
export function labelledStops(stops: readonly Stop[]): readonly boolean[] {
  const step = stops.length > 8 ? 2 : 1;
  const last = stops.length - 1;
  return stops.map((_, index) => (last - index) % step === 0);
}
