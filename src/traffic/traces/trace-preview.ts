import type { LengthSpread, Trace, TracePreview } from '../../core/trace';
import { type CutConfig, type CutTrace, cutTrace } from './cut-trace';
import { fits } from './fit-lengths';

/** What of it is played and how fast, as a sentence: a unit taken for another shows in the span and the rate. */
export function sayTrace(trace: Trace, config: CutConfig): string {
  const { requests, durationS, meanRate } = previewTrace(trace, config, null);
  const { name, format, unit, unitReason } = trace;
  const asked =
    config.traceUnit !== 'auto' && unit !== null ? `${config.traceUnit}, as asked for` : unitReason;
  const of = trace.whole
    ? ` of ${trace.whole.requests}`
    : requests < trace.at.length
      ? ` of ${trace.at.length}`
      : '';
  const counted = asked ?? (unit === null ? 'dates' : unit);
  const rate = meanRate === null ? '' : `, ${Number(meanRate.toPrecision(3))} requests/s`;
  return `${name} (${format}; times: ${counted}): plays ${requests}${of} requests in ${Number(durationS.toPrecision(4))} s${rate}.`;
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
