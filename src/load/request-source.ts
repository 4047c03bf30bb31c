import { type Length, logNormalOf, rangeOf } from '../core/parameter';
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
  readonly #spread: Rng;
  readonly #urgency: Rng;
  readonly #nextSeed: () => number;
  #clipped = 0;

  /** @param rng forked here for each purpose; a source made from an equal one gives equal requests */
  constructor(workload: Workload, rng: Rng) {
    this.#workload = workload;
    this.#choice = rng.fork('prompts');
    this.#lengths = rng.fork('lengths');
    this.#spread = rng.fork('spread');
    this.#urgency = rng.fork('urgency');
    this.#nextSeed = requestSeeds(rng);
  }

  /** Requests whose forced output length was cut so that prompt and output fit the context. */
  get clipped(): number {
    return this.#clipped;
  }

  /** With `outputTokens` `eos`, up to the context, ending where the model ends; else forced, to a number or to one that is drawn. */
  next(id: RequestId, config: RequestConfig): ServingRequest {
    const { outputTokens, sequences, urgentShare } = config;
    const { prompts, contextLength } = this.#workload;
    const index = Math.floor(this.#choice.uniform() * prompts.length);
    // Drawn whether they are used or not, so that the n-th request's are the n-th.
    const draws = [this.#lengths.uniform(), this.#spread.uniform()] as const;
    const priority = this.#urgency.uniform() < urgentShare ? 1 : 0;
    const sampling = samplingOf(config, this.#nextSeed());
    const prompt = prompts[index] ?? [];
    const room = contextLength - prompt.length;
    const wanted = outputTokens === 'eos' ? room : lengthOf(outputTokens, draws);
    if (wanted > room) this.#clipped += 1;
    const maxNewTokens = Math.min(wanted, room);
    const ignoreEos = outputTokens !== 'eos';
    return { id, prompt, maxNewTokens, ignoreEos, sequences, priority, sampling };
  }
}

/** @param draws two that are uniform in [0, 1) */
function lengthOf(length: Exclude<Length, 'eos'>, draws: readonly [number, number]): number {
  const logNormal = logNormalOf(length);
  if (logNormal) {
    const [median, sigma] = logNormal;
    return Math.max(1, Math.round(median * Math.exp(sigma * normalOf(draws))));
  }
  const [low, high] = rangeOf(length) ?? [Number(length), Number(length)];
  return low + Math.floor(draws[0] * (high - low + 1));
}

/** Box and Muller's: exactly two draws for each, so that the n-th request's stay the n-th. */
const normalOf = ([size, angle]: readonly [number, number]): number =>
  Math.sqrt(-2 * Math.log1p(-size)) * Math.cos(2 * Math.PI * angle);
