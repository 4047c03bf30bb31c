import type { OpenProgress } from '../runtime/open-model';
import type { LoadProgress } from './control';

/** Reports at most so often, ms: a fast download has thousands of chunks. */
const REPORT_MS = 50;
/** Over which the rate is told, ms. */
const RATE_MS = 5000;
/** Before it is, ms: the first chunks come in a rush. */
const FIRST_RATE_MS = 500;

/**
 * Thins out the progress of a load and adds its rate, over the last five seconds. What was there before the load began is
 * no part of the rate, nor is what a server made begin again.
 */
export function pacedProgress(
  report: (progress: LoadProgress) => void,
  now: () => number,
): (progress: OpenProgress) => void {
  let reported = Number.NEGATIVE_INFINITY;
  let past: { readonly at: number; readonly bytes: number }[] = [];
  return ({ stage, loadedBytes, totalBytes, trouble = null }) => {
    const at = now();
    if (loadedBytes < (past.at(-1)?.bytes ?? 0)) past = [];
    if (trouble === null && at - reported < REPORT_MS && loadedBytes !== totalBytes) return;
    reported = at;
    past = [...past.filter((point) => at - point.at <= RATE_MS), { at, bytes: loadedBytes }];
    const first = past[0] ?? { at, bytes: loadedBytes };
    const seconds = (at - first.at) / 1000;
    const bytesPerS = seconds * 1000 < FIRST_RATE_MS ? null : (loadedBytes - first.bytes) / seconds;
    report({ stage, loadedBytes, totalBytes, bytesPerS, trouble });
  };
}
