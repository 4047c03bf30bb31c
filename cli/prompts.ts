import type { ChatMessage, GeneratePrompt } from '../src/core/commands';
import { readText } from './input';
import { UsageError } from './usage-error';

/** A line of the file; numbers are common as ids and come back as numbers. */
export type PromptLine = Omit<GeneratePrompt, 'id'> & { readonly id: string | number };

/**
 * Reads `{"id","prompt","max_new_tokens","seed"}` a line, or with `messages` instead of `prompt`; the last two are optional and
 * empty lines are skipped.
 * @throws UsageError with the line's number
 */
export function readPrompts(file: string): readonly PromptLine[] {
  const prompts = readText(file, '--prompts')
    .split(/\r?\n/)
    .map((line, index) => (line.trim() === '' ? null : promptOf(line, `${file}, line ${index + 1}`)))
    .filter((prompt) => prompt !== null);
  if (prompts.length > 0) return prompts;
  throw new UsageError(`${file} has no prompt; it needs {"id","prompt","max_new_tokens"}, one a line.`);
}

function promptOf(line: string, where: string): PromptLine {
  const wrong = (what: string) => new UsageError(`${where}: ${what}; the line is ${line.slice(0, 80)}`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('not a JSON object');
  const { id, prompt, messages, max_new_tokens: limit, seed } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') throw wrong('"id" must be a string or a number');
  if ((prompt === undefined) === (messages === undefined)) {
    throw wrong('it must have either "prompt", a text, or "messages", a conversation');
  }
  if (prompt !== undefined && (typeof prompt !== 'string' || prompt === '')) {
    throw wrong('"prompt" must be a string that is not empty');
  }
  if (messages !== undefined && !isConversation(messages)) {
    throw wrong('"messages" must be a list of {"role","content"}, both strings, with at least one');
  }
  if (limit !== undefined && !isWhole(limit, 1)) {
    throw wrong('"max_new_tokens" must be a whole number from 1');
  }
  if (seed !== undefined && !isWhole(seed, 0, LARGEST_SEED)) {
    throw wrong(`"seed" must be a whole number from 0 to ${LARGEST_SEED}`);
  }
  return {
    id,
    ...(prompt === undefined ? {} : { prompt }),
    ...(messages === undefined ? {} : { messages }),
    ...(limit === undefined ? {} : { max_new_tokens: limit }),
    ...(seed === undefined ? {} : { seed }),
  };
}

const isConversation = (value: unknown): value is readonly ChatMessage[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((turn) => typeof turn?.role === 'string' && typeof turn?.content === 'string');

const LARGEST_SEED = 2 ** 32 - 1;

const isWhole = (value: unknown, min: number, max = Number.POSITIVE_INFINITY): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
