import type { ModelFacts } from '../measures';

/** What the adapter can do at best, measured in the same run. */
export interface Ceilings {
  readonly bytesPerS: number;
  readonly flopPerS: number;
  readonly kernelMs: number;
}

export interface StepLimit {
  readonly ms: number;
  /** What it is made of: the longer of the first two, plus the third. */
  readonly memoryMs: number;
  readonly arithmeticMs: number;
  readonly kernelsMs: number;
}

/**
 * The shortest that a decode step can take: weights and live cache are read once, each row is multiplied with each
 * parameter, and kernels start one after another.
 * @param liveTokens mean tokens of a row in the cache
 */
export function stepLimit(
  model: Pick<ModelFacts, 'parameters' | 'weightBytes' | 'cacheBytesPerToken'>,
  {
    rows,
    liveTokens,
    kernels,
  }: { readonly rows: number; readonly liveTokens: number; readonly kernels: number },
  ceilings: Ceilings,
): StepLimit {
  const bytes = model.weightBytes + rows * liveTokens * model.cacheBytesPerToken;
  const memoryMs = (1000 * bytes) / ceilings.bytesPerS;
  const arithmeticMs = (1000 * 2 * model.parameters * rows) / ceilings.flopPerS;
  const kernelsMs = kernels * ceilings.kernelMs;
  return { ms: Math.max(memoryMs, arithmeticMs) + kernelsMs, memoryMs, arithmeticMs, kernelsMs };
}
