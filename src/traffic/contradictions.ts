import type { LoadConfig } from '../core/load-config';
import { type Length, rangeOf } from '../core/parameter';
import type { ServingConfig } from '../core/serving-config';

/**
 * What is wrong with two settings together, each of which is allowed, as a sentence: under them nothing could ever be sent
 * or served as it was asked for. Null when nothing is.
 */
export function contradiction(serving: ServingConfig, load: LoadConfig): string | null {
  const { policy, maxBatch, maxBatchTokens } = serving;
  const { arrival, sequences, outputTokens } = load;
  if (policy === 'continuous' && sequences > maxBatch) {
    return `sequences (--sequences) must be at most maxBatch (--max-batch, ${maxBatch}), since each takes a slot of continuous; given: ${sequences}.`;
  }
  const shortest = arrival === 'trace' ? 1 : shortestOf(outputTokens);
  const smallest = sequences * (1 + shortest);
  if (maxBatchTokens > 0 && maxBatchTokens < smallest) {
    return (
      `maxBatchTokens (--max-batch-tokens) must be 0 or at least ${smallest}, the tokens of the smallest request ` +
      `(${sequences} × 1 of prompt and ${shortest} of output); given: ${maxBatchTokens}.`
    );
  }
  const { spikeEveryS, spikeDurationS } = load;
  if (arrival === 'spike' && spikeEveryS > 0 && spikeEveryS <= spikeDurationS) {
    return (
      `spikeEveryS (--spike-every-s) must be 0 or more than spikeDurationS (--spike-duration-s, ${spikeDurationS}), ` +
      `else no spike ever ends; given: ${spikeEveryS}.`
    );
  }
  const { traceFromS, traceToS } = load;
  if (arrival === 'trace' && traceToS > 0 && traceToS <= traceFromS) {
    return `traceToS (--trace-to-s) must be 0 or more than traceFromS (--trace-from-s, ${traceFromS}); given: ${traceToS}.`;
  }
  return null;
}

/**
 * What is wrong with the prompts that a load asks for, for a model of such a context, as a sentence; null when nothing is.
 * Log-normal lengths have no longest one: those that do not fit are cut.
 */
export function promptMisfit(
  { promptTokens }: Pick<LoadConfig, 'promptTokens'>,
  contextLength: number,
): string | null {
  const longest = typeof promptTokens === 'number' ? promptTokens : (rangeOf(promptTokens)?.[1] ?? 0);
  if (longest < contextLength) return null;
  return (
    `promptTokens (--prompt-tokens) must be at most ${contextLength - 1} for a model whose context is ` +
    `${contextLength} tokens; given: ${promptTokens}.`
  );
}

function shortestOf(length: Length): number {
  const [shortest] = rangeOf(length) ?? [length];
  return typeof shortest === 'number' ? shortest : 1;
}
