import { HeadwayError } from '../../core/errors';
import type { RequestId, ServingRequest } from '../../core/request';
import type { Generated, GeneratePrompt } from '../load-control';
import type { Answer } from './answers';
import type { Phrasebook } from './prepared-model';

/**
 * Checks all prompts before any is sent.
 * @throws HeadwayError `invalid-request` for an empty list, `invalid-parameter` for an allowance that is none,
 * `prompt-too-long` with the prompt's id, tokens and limit
 */
export function requestsFor(
  prompts: readonly GeneratePrompt[],
  book: Phrasebook,
  nextId: () => RequestId,
): readonly ServingRequest[] {
  if (prompts.length === 0) {
    throw new HeadwayError('invalid-request', 'There are no prompts: the list is empty; give at least one.');
  }
  const encoded = prompts.map((prompt) => encodePrompt(prompt, book));
  return encoded.map((parts) => ({ id: nextId(), ignoreEos: false, sampling: null, ...parts }));
}

function encodePrompt({ id, prompt, max_new_tokens: asked }: GeneratePrompt, book: Phrasebook) {
  const { contextLength } = book.workload;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1)) {
    throw new HeadwayError(
      'invalid-parameter',
      `max_new_tokens of prompt "${id}" must be a whole number from 1; given: ${String(asked)}.`,
    );
  }
  const tokens = encodeFitting(prompt, `Prompt "${id}"`, book);
  const room = contextLength - tokens.length;
  return { prompt: tokens, maxNewTokens: Math.min(asked ?? room, room) };
}

/** @throws HeadwayError `prompt-too-long` */
export function encodeFitting(
  text: string,
  name: string,
  { tokenizer, workload }: Phrasebook,
): readonly number[] {
  const tokens = tokenizer.encode(text);
  const limit = workload.contextLength - 1;
  if (tokens.length <= limit) return tokens;
  throw new HeadwayError(
    'prompt-too-long',
    `${name} has ${tokens.length} tokens; at most ${limit} fit the model's context of ${workload.contextLength}.`,
  );
}

export function generatedOf(
  { id }: GeneratePrompt,
  request: ServingRequest,
  answer: Answer,
  { tokenizer }: Phrasebook,
): Generated {
  const settlement = answer.end?.settlement ?? { outcome: 'failed' };
  return {
    id,
    prompt_tokens: request.prompt.length,
    tokens: answer.tokens,
    text: tokenizer.decode(answer.tokens),
    finish_reason: 'finishReason' in settlement ? settlement.finishReason : settlement.outcome,
  };
}
