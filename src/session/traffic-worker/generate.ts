import type { Generated, GeneratePrompt } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import { GENERATE_PARAMETERS, type GenerateSampling } from '../../core/load-config';
import { applyChanges, defaultsOf } from '../../core/parameter';
import type { RequestId, Sampling, ServingRequest } from '../../core/request';
import { samplingOf } from '../../core/sampling';
import { requestSeeds } from '../../traffic/request-seeds';
import { createRng } from '../../traffic/rng';
import type { Answer } from './answers';
import { chatPrompt, type Phrasebook, promptOf } from './phrasebook';

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

function encodePrompt(given: GeneratePrompt, book: Phrasebook) {
  const { id, max_new_tokens: asked, seed } = given;
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
  const tokens = fitting(tokensOf(given, book), `Prompt "${id}"`, book);
  const room = contextLength - tokens.length;
  return { prompt: tokens, maxNewTokens: Math.min(asked ?? room, room) };
}

/** @throws HeadwayError `invalid-request` for neither a text nor messages, or messages to a model that does not chat */
function tokensOf({ id, prompt, messages }: GeneratePrompt, book: Phrasebook): readonly number[] {
  const problem = (what: string) => new HeadwayError('invalid-request', `Prompt "${id}" ${what}.`);
  if ((prompt === undefined) === (messages === undefined)) {
    throw problem('must have either "prompt" or "messages"');
  }
  if (prompt !== undefined) return promptOf(prompt, book);
  if (!book.chat) {
    throw problem('has "messages", but the model has no chat template in use; give "prompt", a text');
  }
  return chatPrompt(messages ?? [], book.chat, book.tokenizer);
}

/** @throws HeadwayError `prompt-too-long` */
function fitting(tokens: readonly number[], name: string, { workload }: Phrasebook): readonly number[] {
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
  return fitting(promptOf(sentence, book), 'The sentence', book);
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
  { tokenizer, chat }: Phrasebook,
): readonly Generated[] =>
  answers.map(({ tokens, end }, i) => {
    const { id } = prompts[i] as GeneratePrompt;
    const { prompt } = requests[i] as ServingRequest;
    const settlement = end?.settlement ?? { outcome: 'failed' };
    return {
      id,
      prompt_tokens: prompt.length,
      chat_template: chat?.source ?? null,
      tokens,
      text: tokenizer.decode(tokens),
      finish_reason: 'finishReason' in settlement ? settlement.finishReason : settlement.outcome,
    };
  });
