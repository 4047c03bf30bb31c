import type { RequestId, ServingRequest } from '../core/request';
import type { Rng } from '../core/rng';

export interface Workload {
  /** Token ids with the template's special tokens; each at least 1 token short of the context. Not empty. */
  readonly prompts: readonly (readonly number[])[];
  /** Tokens that prompt and output may have together. */
  readonly contextLength: number;
}

/**
 * Makes requests, the n-th of which depends on the seed and n alone, so that two runs under different policies send the
 * same prompts and lengths in the same order, whoever answers first.
 */
export class RequestSource {
  readonly #workload: Workload;
  readonly #choice: Rng;
  #clipped = 0;

  /** @param rng forked here for each purpose; a source made from an equal one gives equal requests */
  constructor(workload: Workload, rng: Rng) {
    this.#workload = workload;
    this.#choice = rng.fork('prompts');
  }

  /** Requests whose forced output length was cut so that prompt and output fit the context. */
  get clipped(): number {
    return this.#clipped;
  }

  /** @param outputTokens `eos`: up to the context, ending where the model ends; a number: exactly so many */
  next(id: RequestId, outputTokens: 'eos' | number): ServingRequest {
    const { prompts, contextLength } = this.#workload;
    const index = Math.floor(this.#choice.uniform() * prompts.length);
    const prompt = prompts[index] ?? [];
    const room = contextLength - prompt.length;
    if (outputTokens === 'eos') return { id, prompt, maxNewTokens: room, ignoreEos: false };
    if (outputTokens > room) this.#clipped += 1;
    return { id, prompt, maxNewTokens: Math.min(outputTokens, room), ignoreEos: true };
  }
}
