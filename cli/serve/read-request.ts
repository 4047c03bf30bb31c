import { allowedValues, type NumberParameter } from '../../src/core/parameter';
import { SAMPLING_PARAMETERS } from '../../src/core/sampling';
import type { ServedMessage, ServedPrompt, ServedRequest } from '../../src/core/serve-protocol';
import { ApiError, wrongField } from './api-error';

/** What of a request is for the engine, and what is for the answer. */
export interface ReadRequest {
  readonly request: Omit<ServedRequest, 'type' | 'id'>;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export interface ReadLimits {
  readonly model: string;
  readonly vocabularySize: number;
  readonly randomSeed: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Read below. */
const READ = [
  'model',
  'prompt',
  'messages',
  'stream',
  'stream_options',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'min_tokens',
  'ignore_eos',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'stop',
];
/** Of no consequence for the answer, so any value is taken. */
const IGNORED = [
  'user',
  'metadata',
  'store',
  'service_tier',
  'prompt_cache_key',
  'safety_identifier',
  'request_id',
  'parallel_tool_calls',
];
/** Values that ask for nothing, where they are not null, false, or an empty list or object. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  logprobs: [0],
  top_logprobs: [0],
  presence_penalty: [0],
  frequency_penalty: [0],
  repetition_penalty: [1],
  length_penalty: [1],
  min_p: [0],
  best_of: [1],
  suffix: [''],
  tool_choice: ['none', 'auto'],
  function_call: ['none', 'auto'],
  add_generation_prompt: [true],
  skip_special_tokens: [true],
  spaces_between_special_tokens: [true],
};
/** A `response_format` of this type, and these `modalities`, are what there is. */
const TEXT_FORMAT = JSON.stringify({ type: 'text' });
const TEXT_MODALITIES = JSON.stringify(['text']);

const MOST_SEQUENCES = 64;
const MOST_STOPS = 16;
const LARGEST_TOKENS = 10_000_000;
const DEFAULT_COMPLETION_TOKENS = 16;
const LARGEST_SEED = 2 ** 32 - 1;

/** @throws ApiError 400 for what is wrong or not supported, 404 for another model */
export function readRequest(body: unknown, kind: 'chat' | 'completions', limits: ReadLimits): ReadRequest {
  const fields = objectOf(body, 'The body');
  refuseOthers(fields);
  checkModel(fields.model, limits.model);
  const maxTokens = maxTokensOf(fields, kind);
  const minTokens = whole(fields, 'min_tokens', 0, LARGEST_TOKENS);
  const options = fields.stream_options == null ? {} : objectOf(fields.stream_options, 'stream_options');
  const topK = fields.top_k === -1 ? 0 : number(fields, 'top_k', SAMPLING_PARAMETERS.topK as NumberParameter);
  const ignoreEos = flag(fields, 'ignore_eos');
  return {
    request: {
      prompt: kind === 'chat' ? messagesOf(fields.messages) : promptOf(fields.prompt, limits.vocabularySize),
      maxTokens,
      ignoreEos: ignoreEos || forces(minTokens, maxTokens),
      sequences: whole(fields, 'n', 1, MOST_SEQUENCES) ?? 1,
      temperature: number(fields, 'temperature', SAMPLING_PARAMETERS.temperature as NumberParameter) ?? 1,
      topP: number(fields, 'top_p', SAMPLING_PARAMETERS.topP as NumberParameter) ?? 1,
      topK: topK ?? 0,
      seed: seedOf(fields.seed) ?? limits.randomSeed(),
      stop: stopOf(fields.stop),
    },
    stream: flag(fields, 'stream'),
    includeUsage: flag(options, 'include_usage'),
  };
}

function refuseOthers(fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (READ.includes(name) || IGNORED.includes(name) || isNeutral(name, value)) continue;
    throw new ApiError(400, `${name} is not supported; leave it out.`, name);
  }
}

function isNeutral(name: string, value: unknown): boolean {
  if (value === null || value === false || NEUTRAL[name]?.includes(value)) return true;
  if (name === 'response_format' && JSON.stringify(value) === TEXT_FORMAT) return true;
  if (name === 'modalities' && JSON.stringify(value) === TEXT_MODALITIES) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function checkModel(asked: unknown, served: string): void {
  if (asked === undefined || asked === null || asked === served) return;
  if (typeof asked !== 'string') throw wrongField('model', `"${served}"`, asked);
  throw new ApiError(404, `The model ${JSON.stringify(asked)} is not served here; "${served}" is.`, 'model');
}

function maxTokensOf(fields: Fields, kind: 'chat' | 'completions'): number | null {
  const newer = whole(fields, 'max_completion_tokens', 1, LARGEST_TOKENS);
  const older = whole(fields, 'max_tokens', 1, LARGEST_TOKENS);
  return newer ?? older ?? (kind === 'chat' ? null : DEFAULT_COMPLETION_TOKENS);
}

/** Whether the answer has to be as long as it may be. */
function forces(minTokens: number | null, maxTokens: number | null): boolean {
  if (minTokens === null || minTokens === 0) return false;
  if (minTokens === maxTokens) return true;
  throw wrongField(
    'min_tokens',
    'max_tokens, or left out: an answer is forced to one length or to none',
    minTokens,
  );
}

function promptOf(prompt: unknown, vocabularySize: number): ServedPrompt {
  const [only] =
    Array.isArray(prompt) && prompt.length === 1 && typeof prompt[0] !== 'number' ? prompt : [prompt];
  if (typeof only === 'string') return { kind: 'text', text: only };
  const isToken = (token: unknown) =>
    Number.isInteger(token) && Number(token) >= 0 && Number(token) < vocabularySize;
  if (Array.isArray(only) && only.length > 0 && only.every(isToken)) return { kind: 'tokens', tokens: only };
  throw wrongField('prompt', `a text, or a list of token ids from 0 to ${vocabularySize - 1}`, prompt);
}

function messagesOf(messages: unknown): ServedPrompt {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrongField('messages', 'a list of at least one message', messages);
  }
  return { kind: 'chat', messages: messages.map(messageOf) };
}

function messageOf(message: unknown, place: number): ServedMessage {
  const name = `messages[${place}]`;
  const { role, content } = objectOf(message, name);
  if (typeof role !== 'string') throw wrongField(`${name}.role`, 'a text such as "user"', role);
  if (typeof content === 'string') return { role, content };
  if (!Array.isArray(content))
    throw wrongField(`${name}.content`, 'a text, or a list of parts of type text', content);
  const parts = content.map((part, index) => {
    const { type, text } = objectOf(part, `${name}.content[${index}]`);
    if (type === 'text' && typeof text === 'string') return text;
    throw wrongField(`${name}.content[${index}].type`, '"text"; pictures and sounds are not supported', type);
  });
  return { role, content: parts.join('') };
}

function stopOf(stop: unknown): readonly string[] {
  if (stop === undefined || stop === null) return [];
  const list = Array.isArray(stop) ? stop : [stop];
  if (list.length <= MOST_STOPS && list.every((one) => typeof one === 'string' && one !== '')) return list;
  throw wrongField('stop', `a text, or a list of at most ${MOST_STOPS}, none of them empty`, stop);
}

/** Any whole number, as OpenAI takes it; its last 32 bits count. */
function seedOf(seed: unknown): number | null {
  if (seed === undefined || seed === null) return null;
  if (Number.isSafeInteger(seed)) return Number(BigInt.asUintN(32, BigInt(Number(seed))));
  throw wrongField('seed', `a whole number, best from 0 to ${LARGEST_SEED}`, seed);
}

function whole(fields: Fields, name: string, min: number, max: number): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw wrongField(name, `a whole number from ${min} to ${max}`, value);
}

function number(fields: Fields, name: string, parameter: NumberParameter): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  const isKind = parameter.kind === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
  if (isKind && Number(value) >= parameter.min && Number(value) <= parameter.max) return Number(value);
  throw wrongField(name, allowedValues(parameter), value);
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw wrongField(name, 'true or false', value);
}

function objectOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrongField(name, 'a JSON object', value);
}
