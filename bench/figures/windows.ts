import { percentilesOf } from '../../src/metrics/percentiles';
import type { PassTimes } from '../measures';

/** Shorter ones would show the clock's grain, and how tokens of several steps come in one turn. */
const WINDOW_MS = 20;

/**
 * Step times from the moments at which steps ended, as means over windows of whole steps of at least 20 ms each.
 * @param ends ms, ascending; the first one begins the first window
 */
export function windowsOf(ends: readonly number[]): number[] {
  const windows: number[] = [];
  let begin = 0;
  ends.forEach((end, i) => {
    const elapsed = end - (ends[begin] as number);
    if (i === begin || elapsed < WINDOW_MS) return;
    windows.push(elapsed / (i - begin));
    begin = i;
  });
  // Too few steps for a window are better than nothing.
  const [first, last] = [ends[0], ends.at(-1)];
  if (windows.length === 0 && first !== undefined && last !== undefined && ends.length > 1) {
    windows.push((last - first) / (ends.length - 1));
  }
  return windows;
}

/** @param windows not empty */
export function medianAndMin(windows: readonly number[]): PassTimes {
  return { medianMs: percentilesOf(windows)?.p50 ?? Number.NaN, minMs: Math.min(...windows) };
}
