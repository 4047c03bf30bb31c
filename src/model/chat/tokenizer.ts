import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import { HeadwayError } from '../../core/errors';
import { type ModelDirectory, readModelJson } from '../directory/model-directory';
import { reason } from '../model-file';

/** Text to token ids and back, as the model was trained. */
export interface Tokenizer {
  /** With the special tokens of the file's template: what comes out is the whole prompt. */
  encode(text: string): number[];
  /** Of a text that brings its special tokens itself, as a chat template's does. */
  encodeWhole(text: string): number[];
  /** Special tokens are left out. */
  decode(tokens: readonly number[]): string;
  /** The same of an answer that goes on: a character whose bytes are not all there yet is left out. */
  decodeSoFar(tokens: readonly number[]): string;
}

/** A tokenizer, and what its files say besides. */
export interface LoadedTokenizer {
  readonly tokenizer: Tokenizer;
  /** The token that `tokenizer_config.json` calls the end; null where it names none. */
  readonly endToken: number | null;
  /** Special tokens by their role, for chat templates: `bos_token` and so on. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** `tokenizer_config.json`, where older models have their chat template. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads `tokenizer.json` and `tokenizer_config.json` of a model directory.
 * @param vocabularySize of the model, which has an embedding for each token below it; null where that is not known
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, naming the file; `model-unsupported` where it makes tokens
 * that the model does not know
 */
export async function loadTokenizer(
  directory: ModelDirectory,
  vocabularySize: number | null = null,
): Promise<LoadedTokenizer> {
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
  if (vocabularySize !== null) checkVocabulary(definition.model, vocabularySize, file);
  const hub = construct(file, definition, config);
  if (definition.model.type === 'Unigram' && definition.model.byte_fallback === true) fallBackToBytes(hub);
  const specialTokens = specialTokensOf(config);
  const end = specialTokens.eos_token;
  return {
    tokenizer: tokenizerOf(hub, vocabularySize),
    endToken: end === undefined ? null : (hub.token_to_id(end) ?? null),
    specialTokens,
    config,
  };
}

function tokenizerOf(hub: HubTokenizer, vocabularySize: number | null): Tokenizer {
  const encode = (text: string, special: boolean) => {
    const ids = [...hub.encode(text, { add_special_tokens: special }).ids];
    const unknown = vocabularySize === null ? undefined : ids.find((id) => !(id < vocabularySize));
    if (unknown === undefined) return ids;
    throw new HeadwayError(
      'invalid-request',
      `The text has ${hub.id_to_token(unknown) ?? 'a token'} (token ${unknown}) in it, which this model has no embedding for: it knows ${vocabularySize} tokens.`,
    );
  };
  const decode = (tokens: readonly number[]) =>
    tokens.length === 0 ? '' : hub.decode([...tokens], { skip_special_tokens: true });
  return {
    encode: (text) => encode(text, true),
    encodeWhole: (text) => encode(text, false),
    decode,
    decodeSoFar: (tokens) => decode(tokens).replace(/\uFFFD+$/, ''),
  };
}

/** Tokens that were added, such as those of pictures, may lie above what a model without pictures knows; others may not. */
function checkVocabulary(model: Fields, vocabularySize: number, file: string): void {
  const { vocab } = model;
  const largest = Array.isArray(vocab)
    ? vocab.length - 1
    : Object.values(isObject(vocab) ? vocab : {}).reduce<number>(
        (most, id) => Math.max(most, Number(id)),
        -1,
      );
  if (largest < vocabularySize) return;
  throw new HeadwayError(
    'model-unsupported',
    `${file} makes tokens up to ${largest}, but config.json says that the model knows ${vocabularySize} (vocab_size): they are not of one model.`,
  );
}

/** The library gives an unknown character as it is; with `byte_fallback` it is the tokens of its bytes. */
function fallBackToBytes({ model }: HubTokenizer): void {
  const inner = model as unknown as Encoder;
  const encode = inner.encode.bind(inner);
  const bytes = new TextEncoder();
  inner.encode = (texts) =>
    encode(texts).flatMap((piece) => {
      if (inner.tokens_to_ids.has(piece)) return [piece];
      const tokens = [...bytes.encode(piece)].map(
        (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      );
      return tokens.every((token) => inner.tokens_to_ids.has(token)) ? tokens : [piece];
    });
  // Unknown ones that follow each other are bytes, too, and not one unknown token.
  inner.fuse_unk = false;
}

interface Encoder {
  encode(texts: readonly string[]): string[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  fuse_unk: boolean;
}

/** A token is given by its text, or as an object with it. */
function specialTokensOf(config: Fields): Record<string, string> {
  const found: Record<string, string> = {};
  for (const role of ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token']) {
    const value = config[role];
    const text = isObject(value) ? value.content : value;
    if (typeof text === 'string') found[role] = text;
  }
  return found;
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

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
