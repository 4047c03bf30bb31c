import type { ArrivalConfig, TraceUnit } from '../../core/load-config';
import type { Trace } from '../../core/trace';

/** What of a trace's parameters says how it is played. */
export type CutConfig = Pick<ArrivalConfig, 'traceFromS' | 'traceToS' | 'traceUnit' | 'timeScale'>;

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

/** Why the trace cannot be played by this unit, as a sentence; null if it can. */
export const unitProblem = ({ name, unit }: Trace, asked: TraceUnit): string | null =>
  unit === null && asked !== 'auto'
    ? `traceUnit (--trace-unit) ${asked} cannot be used with ${name}, whose times are dates; allowed: auto.`
    : null;

/** ms of a trace that is played by another unit than it was read by, for each ms that was read. */
const stretch = ({ unit }: Trace, asked: TraceUnit): number =>
  asked === 'auto' || unit === null || asked === unit ? 1 : asked === 's' ? 1000 : 1 / 1000;

/** Requests from `traceFromS` until before `traceToS`, in seconds of the trace; 0 is its end. */
export function cutTrace(trace: Trace, { traceFromS, traceToS, traceUnit, timeScale }: CutConfig): CutTrace {
  const stretched = stretch(trace, traceUnit);
  const from = (traceFromS * 1000) / stretched;
  const to = traceToS === 0 ? Number.POSITIVE_INFINITY : (traceToS * 1000) / stretched;
  const scale = timeScale * stretched;
  const first = countBefore(trace.at, from);
  const length = Math.max(0, countBefore(trace.at, to) - first);
  const timeOf = (index: number) => ((trace.at[first + index] ?? 0) - from) * scale;
  const last = length === 0 ? 0 : timeOf(length - 1);
  return {
    length,
    timeOf,
    promptTokens: trace.promptTokens.subarray(first, first + length),
    outputTokens: trace.outputTokens.subarray(first, first + length),
    durationMs: Number.isFinite(to) ? (to - from) * scale : last + (length > 1 ? last / (length - 1) : 0),
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
