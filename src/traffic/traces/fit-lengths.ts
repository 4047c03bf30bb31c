import type { Lengths } from '../../core/trace';

/**
 * Cut so that prompt and answer fit the context together: what is longer than half of it gives way until the other has
 * its half or all that it wants.
 */
export function fitLengths({ promptTokens, outputTokens }: Lengths, contextLength: number): Lengths {
  const half = Math.floor(contextLength / 2);
  const prompt = Math.min(promptTokens, Math.max(half, contextLength - outputTokens));
  return { promptTokens: prompt, outputTokens: Math.min(outputTokens, contextLength - prompt) };
}

export const fits = ({ promptTokens, outputTokens }: Lengths, contextLength: number): boolean =>
  promptTokens + outputTokens <= contextLength;
