import type { ArrivalConfig } from '../../core/load-config';
import type { Trace } from '../../core/trace';

/** What of a trace's parameters says how it is played. */
export type CutConfig = Pick<ArrivalConfig, 'traceFromS' | 'traceToS' | 'timeScale'>;

/** The part of a trace that is played, on the clock on which it is. */
export interface CutTrace {
  readonly length: number;
  /** ms from the begin of the part to the i-th request. */
  readonly timeOf: (index: number) => number;
  readonly promptTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** ms from the begin to where it would begin again: the end of the window, or a mean gap after the last request. */
  readonly durationMs: number;
}

/** Requests from `traceFromS` until before `traceToS`, in seconds of the trace; 0 is its end. */
export function cutTrace(trace: Trace, { traceFromS, traceToS, timeScale }: CutConfig): CutTrace {
  const from = traceFromS * 1000;
  const to = traceToS === 0 ? Number.POSITIVE_INFINITY : traceToS * 1000;
  const first = countBefore(trace.at, from);
  const length = Math.max(0, countBefore(trace.at, to) - first);
  const timeOf = (index: number) => ((trace.at[first + index] ?? 0) - from) * timeScale;
  const last = length === 0 ? 0 : timeOf(length - 1);
  return {
    length,
    timeOf,
    promptTokens: trace.promptTokens.subarray(first, first + length),
    outputTokens: trace.outputTokens.subarray(first, first + length),
    durationMs: Number.isFinite(to) ? (to - from) * timeScale : last + (length > 1 ? last / (length - 1) : 0),
  };
}

/** By halving. @param times ascending */
function countBefore(times: Float64Array, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
