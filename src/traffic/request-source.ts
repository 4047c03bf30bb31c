import type { Rng } from '../core/clock';
import { type DrawnLength, type Length, logNormalOf, type PromptLength, rangeOf } from '../core/parameter';
import type { RequestId, ServingRequest } from '../core/request';
import { type SamplingConfig, samplingOf } from '../core/sampling';
import type { Lengths } from '../core/trace';
import { requestSeeds } from './request-seeds';
import { fitLengths, fits } from './traces/fit-lengths';

export interface Workload {
  /** Token ids with the template's special tokens; each at least 1 token short of the context. Not empty. */
  readonly prompts: readonly (readonly number[])[];
  /** What a prompt of a given length is put together from; the prompts themselves where there is nothing else. */
  readonly filler?: readonly (readonly number[])[];
  /** Tokens that prompt and output may have together. */
  readonly contextLength: number;
}

/** What of a load's configuration shapes a single request. */
export interface RequestConfig extends SamplingConfig {
  readonly outputTokens: Length;
  readonly promptTokens: PromptLength;
  readonly sequences: number;
  readonly urgentShare: number;
}

/**
 * Makes requests, the n-th of which depends on the seed and n alone, so that two runs under different policies send the
 * same prompts, lengths and sampling seeds in the same order, whichever request is answered first.
 */
export class RequestSource {
  readonly #workload: Workload;
  readonly #choice: Rng;
  readonly #lengths: Rng;
  readonly #spread: Rng;
  readonly #promptLengths: Rng;
  readonly #promptSpread: Rng;
  readonly #urgency: Rng;
  readonly #nextSeed: () => number;
  #clipped = 0;

  /** @param rng forked here for each purpose; a source made from an equal one gives equal requests */
  constructor(workload: Workload, rng: Rng) {
    this.#workload = workload;
    this.#choice = rng.fork('prompts');
    this.#lengths = rng.fork('lengths');
    this.#spread = rng.fork('spread');
    this.#promptLengths = rng.fork('prompt lengths');
    this.#promptSpread = rng.fork('prompt spread');
    this.#urgency = rng.fork('urgency');
    this.#nextSeed = requestSeeds(rng);
  }

  /** Requests whose lengths were cut so that prompt and output fit the context. */
  get clipped(): number {
    return this.#clipped;
  }

  /**
   * With `outputTokens` `eos`, up to the context, ending where the model ends; else forced, to a number or to one that is
   * drawn. @param lengths of a trace: prompt and output are as long then, whatever the configuration says
   */
  next(id: RequestId, config: RequestConfig, lengths: Lengths | null = null): ServingRequest {
    const { sequences, urgentShare } = config;
    const { prompts, filler = prompts, contextLength } = this.#workload;
    const index = Math.floor(this.#choice.uniform() * prompts.length);
    // Drawn whether they are used or not, so that the n-th request's are the n-th.
    const draws = [this.#lengths.uniform(), this.#spread.uniform()] as const;
    const priority = this.#urgency.uniform() < urgentShare ? 1 : 0;
    const sampling = samplingOf(config, this.#nextSeed());
    const drawn = this.#promptLength(config.promptTokens);
    const fitted = lengths && fitLengths(lengths, contextLength);
    const promptTokens = fitted?.promptTokens ?? (drawn && Math.min(drawn, contextLength - 1));
    const prompt =
      promptTokens === null ? (prompts[index] ?? []) : promptOf(filler, index % filler.length, promptTokens);
    const room = contextLength - prompt.length;
    const outputTokens = lengths ? lengths.outputTokens : config.outputTokens;
    const wanted = outputTokens === 'eos' ? room : lengthOf(outputTokens, draws);
    const tooLong = lengths ? !fits(lengths, contextLength) : wanted > room || (drawn ?? 0) >= contextLength;
    if (tooLong) this.#clipped += 1;
    const maxNewTokens = Math.min(wanted, room);
    const ignoreEos = outputTokens !== 'eos';
    return { id, prompt, maxNewTokens, ignoreEos, sequences, priority, sampling };
  }

  /** Null: as the data set has it. Drawn whether it is used or not, as the others are. */
  #promptLength(wanted: PromptLength): number | null {
    const draws = [this.#promptLengths.uniform(), this.#promptSpread.uniform()] as const;
    return wanted === 'dataset' ? null : lengthOf(wanted, draws);
  }
}

/** A prompt of exactly so many tokens: the one that was drawn and those behind it, as far as they are needed. */
function promptOf(prompts: readonly (readonly number[])[], index: number, length: number): readonly number[] {
  const tokens = [...(prompts[index] ?? [])];
  for (let next = index + 1; tokens.length < length; next++)
    tokens.push(...(prompts[next % prompts.length] ?? []));
  return tokens.slice(0, length);
}

/** @param draws two that are uniform in [0, 1) */
function lengthOf(length: DrawnLength, draws: readonly [number, number]): number {
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
