import type { Generated, GeneratePrompt } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import { GENERATE_PARAMETERS, type GenerateSampling } from '../../core/load-config';
import { applyChanges, defaultsOf } from '../../core/parameter';
import type { RequestId, Sampling, ServingRequest } from '../../core/request';
import { samplingOf } from '../../core/sampling';
import { requestSeeds } from '../../traffic/request-seeds';
import { createRng } from '../../traffic/rng';
import type { Answer } from './answers';
import type { Phrasebook } from './phrasebook';

/**
 * Checks all prompts before any is sent.
 * @throws HeadwayError `invalid-request` for an empty list, `invalid-parameter` for an allowance or a seed that is none,
 * `prompt-too-long` with the prompt's id, tokens and limit
 */
export function requestsFor(
  prompts: readonly GeneratePrompt[],
  book: Phrasebook,
  nextId: () => RequestId,
  sampling: Partial<GenerateSampling> = {},
): readonly ServingRequest[] {
  if (prompts.length === 0) {
    throw new HeadwayError('invalid-request', 'There are no prompts: the list is empty; give at least one.');
  }
  const config = applyChanges(
    GENERATE_PARAMETERS,
    defaultsOf<GenerateSampling>(GENERATE_PARAMETERS),
    sampling,
  );
  const nextSeed = requestSeeds(createRng(config.seed));
  const encoded = prompts.map((prompt) => {
    // Drawn for each, so that the n-th prompt's is the n-th.
    const seed = nextSeed();
    return { ...encodePrompt(prompt, book), sampling: samplingOf(config, prompt.seed ?? seed) };
  });
  return encoded.map((parts) => ({ id: nextId(), ignoreEos: false, sequences: 1, priority: 0, ...parts }));
}

function encodePrompt({ id, prompt, max_new_tokens: asked, seed }: GeneratePrompt, book: Phrasebook) {
  const { contextLength } = book.workload;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1)) {
    throw new HeadwayError(
      'invalid-parameter',
      `max_new_tokens of prompt "${id}" must be a whole number from 1; given: ${String(asked)}.`,
    );
  }
  if (seed !== undefined && seed !== seed >>> 0) {
    throw new HeadwayError(
      'invalid-parameter',
      `seed of prompt "${id}" must be a whole number from 0 to ${2 ** 32 - 1}; given: ${String(seed)}.`,
    );
  }
  const tokens = encodeFitting(prompt, `Prompt "${id}"`, book);
  const room = contextLength - tokens.length;
  return { prompt: tokens, maxNewTokens: Math.min(asked ?? room, room) };
}

/** @throws HeadwayError `prompt-too-long` */
function encodeFitting(text: string, name: string, { tokenizer, workload }: Phrasebook): readonly number[] {
  const tokens = tokenizer.encode(text);
  const limit = workload.contextLength - 1;
  if (tokens.length <= limit) return tokens;
  throw new HeadwayError(
    'prompt-too-long',
    `${name} has ${tokens.length} tokens; at most ${limit} fit the model's context of ${workload.contextLength}.`,
  );
}

/** @throws HeadwayError `invalid-request`, `prompt-too-long` */
export function ownPrompt(sentence: string, book: Phrasebook): readonly number[] {
  if (sentence.trim() === '')
    throw new HeadwayError('invalid-request', 'The sentence is empty; write at least one word.');
  return encodeFitting(sentence, 'The sentence', book);
}

/** A sentence's request: answered as far as the model goes on, or the context. */
export function ownRequest(
  id: RequestId,
  prompt: readonly number[],
  { workload }: Phrasebook,
  sampling: Sampling | null,
): ServingRequest {
  const maxNewTokens = workload.contextLength - prompt.length;
  return { id, prompt, maxNewTokens, ignoreEos: false, sequences: 1, priority: 0, sampling };
}

/** Of each prompt, what was said. */
export const generatedOf = (
  prompts: readonly GeneratePrompt[],
  requests: readonly ServingRequest[],
  answers: readonly Answer[],
  { tokenizer }: Phrasebook,
): readonly Generated[] =>
  answers.map(({ tokens, end }, i) => {
    const { id } = prompts[i] as GeneratePrompt;
    const { prompt } = requests[i] as ServingRequest;
    const settlement = end?.settlement ?? { outcome: 'failed' };
    return {
      id,
      prompt_tokens: prompt.length,
      tokens,
      text: tokenizer.decode(tokens),
      finish_reason: 'finishReason' in settlement ? settlement.finishReason : settlement.outcome,
    };
  });
