import { type CutConfig, type CutTrace, cutTrace } from './cut-trace';
import { fits } from './fit-lengths';
import type { Trace } from './trace';

/** Median and maximum, tokens. */
export interface LengthSpread {
  readonly p50: number;
  readonly max: number;
}

/** What will be sent of a trace, before it is. */
export interface TracePreview {
  readonly requests: number;
  /** From the begin of the window to the last request, as played. */
  readonly durationS: number;
  /** Requests per second over that time; null for less than two. */
  readonly meanRate: number | null;
  /** As recorded; null without a request. */
  readonly promptTokens: LengthSpread | null;
  readonly outputTokens: LengthSpread | null;
  /** Requests too long for the model's context, which will be cut; null while there is no model. */
  readonly clipped: number | null;
}

/** @param contextLength tokens, or null while there is no model */
export function previewTrace(trace: Trace, config: CutConfig, contextLength: number | null): TracePreview {
  const cut = cutTrace(trace, config);
  const durationS = cut.length === 0 ? 0 : cut.timeOf(cut.length - 1) / 1000;
  return {
    requests: cut.length,
    durationS,
    meanRate: cut.length > 1 && durationS > 0 ? cut.length / durationS : null,
    promptTokens: spreadOf(cut.promptTokens),
    outputTokens: spreadOf(cut.outputTokens),
    clipped: contextLength === null ? null : clippedOf(cut, contextLength),
  };
}

function clippedOf({ promptTokens, outputTokens }: CutTrace, contextLength: number): number {
  let clipped = 0;
  promptTokens.forEach((prompt, index) => {
    if (!fits({ promptTokens: prompt, outputTokens: outputTokens[index] ?? 0 }, contextLength)) clipped += 1;
  });
  return clipped;
}

function spreadOf(values: Uint32Array): LengthSpread | null {
  const sorted = values.toSorted();
  const [p50, max] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted.at(-1)];
  return p50 === undefined || max === undefined ? null : { p50, max };
}
