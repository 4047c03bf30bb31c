import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { HeadwayError } from '../core/errors';
import { type ModelDirectory, readModelJson } from './directory/model-directory';
import { reason } from './model-file';

/** Text to token ids and back, as the model was trained. */
export interface Tokenizer {
  /** With the special tokens of the file's template: what comes out is the whole prompt. */
  encode(text: string): number[];
  /** Special tokens are left out. */
  decode(tokens: readonly number[]): string;
}

/**
 * Reads `tokenizer.json` and `tokenizer_config.json` of a model directory.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, naming the file
 */
export async function loadTokenizer(directory: ModelDirectory): Promise<Tokenizer> {
  const [definition, config] = await Promise.all([
    readModelJson(directory, 'tokenizer.json'),
    readModelJson(directory, 'tokenizer_config.json'),
  ]);
  const file = directory.label('tokenizer.json');
  if (!isObject(definition) || !isObject(definition.model)) {
    throw new HeadwayError('model-file-damaged', `${file} has no "model", so it defines no tokenizer.`);
  }
  if (!isObject(config)) {
    throw new HeadwayError(
      'model-file-damaged',
      `${directory.label('tokenizer_config.json')} is not an object.`,
    );
  }
  const tokenizer = construct(file, definition, config);
  return {
    encode: (text) => [...tokenizer.encode(text).ids],
    decode: (tokens) =>
      tokens.length === 0 ? '' : tokenizer.decode([...tokens], { skip_special_tokens: true }),
  };
}

function construct(file: string, definition: object, config: object): HubTokenizer {
  try {
    return new HubTokenizer(definition, config);
  } catch (cause) {
    throw new HeadwayError('model-file-damaged', `${file} defines no usable tokenizer (${reason(cause)}).`, {
      cause,
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
