import { type Length, rangeOf } from '../core/parameter';
import type { RequestId, ServingRequest } from '../core/request';
import type { Rng } from '../core/rng';
import { type SamplingConfig, samplingOf } from '../core/sampling';
import { requestSeeds } from './request-seeds';

export interface Workload {
  /** Token ids with the template's special tokens; each at least 1 token short of the context. Not empty. */
  readonly prompts: readonly (readonly number[])[];
  /** Tokens that prompt and output may have together. */
  readonly contextLength: number;
}

/** What of a load's configuration shapes a single request. */
export interface RequestConfig extends SamplingConfig {
  readonly outputTokens: Length;
  readonly sequences: number;
  readonly urgentShare: number;
}

/**
 * Makes requests, the n-th of which depends on the seed and n alone, so that two runs under different policies send the
 * same prompts, lengths and sampling seeds in the same order, whoever answers first.
 */
export class RequestSource {
  readonly #workload: Workload;
  readonly #choice: Rng;
  readonly #lengths: Rng;
  readonly #urgency: Rng;
  readonly #nextSeed: () => number;
  #clipped = 0;

  /** @param rng forked here for each purpose; a source made from an equal one gives equal requests */
  constructor(workload: Workload, rng: Rng) {
    this.#workload = workload;
    this.#choice = rng.fork('prompts');
    this.#lengths = rng.fork('lengths');
    this.#urgency = rng.fork('urgency');
    this.#nextSeed = requestSeeds(rng);
  }

  /** Requests whose forced output length was cut so that prompt and output fit the context. */
  get clipped(): number {
    return this.#clipped;
  }

  /** With `outputTokens` `eos`, up to the context, ending where the model ends; else forced, exactly or within a range. */
  next(id: RequestId, config: RequestConfig): ServingRequest {
    const { outputTokens, sequences, urgentShare } = config;
    const { prompts, contextLength } = this.#workload;
    const index = Math.floor(this.#choice.uniform() * prompts.length);
    // Drawn whether they are used or not, so that the n-th request's are the n-th.
    const draw = this.#lengths.uniform();
    const priority = this.#urgency.uniform() < urgentShare ? 1 : 0;
    const sampling = samplingOf(config, this.#nextSeed());
    const prompt = prompts[index] ?? [];
    const room = contextLength - prompt.length;
    const wanted = outputTokens === 'eos' ? room : lengthOf(outputTokens, draw);
    if (wanted > room) this.#clipped += 1;
    const maxNewTokens = Math.min(wanted, room);
    const ignoreEos = outputTokens !== 'eos';
    return { id, prompt, maxNewTokens, ignoreEos, sequences, priority, sampling };
  }
}

/** @param draw uniform in [0, 1) */
function lengthOf(length: Exclude<Length, 'eos'>, draw: number): number {
  const [low, high] = rangeOf(length) ?? [Number(length), Number(length)];
  return low + Math.floor(draw * (high - low + 1));
}
