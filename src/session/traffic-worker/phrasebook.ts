import type { ChatMessage, PreparedModel } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import { fnv1a } from '../../core/hash';
import type { LoadConfig } from '../../core/load-config';
import type { ServedPrompt } from '../../core/serve-protocol';
import { type ChatTemplate, readChatTemplate } from '../../model/chat/chat-template';
import { loadTokenizer, type Tokenizer } from '../../model/chat/tokenizer';
import { readEnds } from '../../model/decoder-config';
import { parseDirectoryName } from '../../model/directory/directory-name';
import { type ModelDirectory, readOptionalJson } from '../../model/directory/model-directory';
import { openDirectory } from '../../model/directory/open-directory';
import type { Fetch } from '../../model/model-file';
import { isSynthetic, parseSynthetic } from '../../model/synthetic/spec';
import { promptMisfit } from '../../traffic/contradictions';
import type { DataSet } from '../../traffic/data-set';
import { GENERIC_PROMPTS, GENERIC_QUESTIONS } from '../../traffic/generic-prompts';
import type { Workload } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';

const PROMPTS = 256;
/** Tokens of a prompt, each length as likely; at most half of the context, so that there is room for an answer. */
const [SHORTEST, LONGEST] = [8, 64];
/** Tokens of a prompt that are shown. */
const SHOWN = 6;

/**
 * What there is to say to a model that has learnt nothing: random tokens, the same for the same seed. Words of a sentence
 * become the token that their hash falls on, and tokens are shown by their number, so that they do not look like language.
 * @param spec a synthetic model
 */
function syntheticPhrasebook(spec: string): Phrasebook {
  const { shape, seed } = parseSynthetic(spec);
  const { vocabulary, context } = shape;
  const longest = Math.min(LONGEST, Math.floor(context / 2));
  const shortest = Math.min(SHORTEST, longest);
  const rng = createRng(seed).fork('synthetic prompts');
  const below = (limit: number) => Math.floor(rng.uniform() * limit);
  const prompts = Array.from({ length: PROMPTS }, () =>
    Array.from({ length: shortest + below(longest - shortest + 1) }, () => below(vocabulary)),
  );
  return {
    tokenizer: {
      encode: (text) => words(text).map((word) => hash(word) % vocabulary),
      encodeWhole: (text) => words(text).map((word) => hash(word) % vocabulary),
      decode: numbered,
      decodeSoFar: numbered,
    },
    chat: null,
    ends: new Set(),
    workload: { prompts, contextLength: context },
    textOf: new Map(prompts.map((prompt) => [prompt, described(prompt)])),
    meaningless: true,
    note: null,
  };
}

const described = (prompt: readonly number[]) =>
  `${prompt.length} random tokens: ${numbered(prompt.slice(0, SHOWN))}${prompt.length > SHOWN ? ' …' : ''}`;

const numbered = (tokens: readonly number[]) => tokens.map((token) => `⟨${token}⟩`).join('');

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const hash = (word: string): number => fnv1a(word) >>> 0;

/** What the clients know of the model: how to say things to it, and what there is to say. */
export interface Phrasebook {
  readonly tokenizer: Tokenizer;
  /** How it wants to be spoken to; null for plain text. */
  readonly chat: ChatTemplate | null;
  /** Tokens by which it ends an answer. */
  readonly ends: ReadonlySet<number>;
  readonly workload: Workload;
  /** The sentence of each of the workload's prompts. */
  readonly textOf: ReadonlyMap<readonly number[], string>;
  /** A synthetic model's: the texts stand for tokens that mean nothing. */
  readonly meaningless?: true;
  /** A remark on the prompts, as a sentence; null for the model's own. */
  readonly note: string | null;
}

/** What a sentence becomes for the model: the user's turn of a chat, or plain text. */
export const promptOf = (text: string, book: Pick<Phrasebook, 'tokenizer' | 'chat'>): number[] =>
  book.chat
    ? chatPrompt([{ role: 'user', content: text }], book.chat, book.tokenizer)
    : book.tokenizer.encode(text);

/** A template writes the special tokens itself. */
export const chatPrompt = (
  messages: readonly ChatMessage[],
  chat: ChatTemplate,
  tokenizer: Tokenizer,
): number[] => tokenizer.encodeWhole(chat.render(messages));

/**
 * Reads tokenizer, chat template and `prompts.json` (a list of `{ "text" }`) of a model directory; one without prompts is sent
 * our own, and a synthetic model's are made up.
 * Sentences that do not fit the context are left out.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `download-stopped`, `storage-failed`
 */
export async function readPhrasebook(model: PreparedModel, fetchFile?: Fetch): Promise<Phrasebook> {
  const { url, contextLength } = model;
  if (isSynthetic(url)) return syntheticPhrasebook(url);
  const directory = await openDirectory(model, fetchFile && { fetchFile });
  const [loaded, own] = await Promise.all([loadTokenizer(directory), ownTexts(directory)]);
  const { tokenizer } = loaded;
  const chat = parseDirectoryName(url).chat === 'none' ? null : await readChatTemplate(directory, loaded);
  const ends = await readEnds(directory, loaded.endToken);
  const textOf = new Map<readonly number[], string>();
  for (const text of own ?? (chat ? GENERIC_QUESTIONS : GENERIC_PROMPTS)) {
    const prompt = promptOf(text, { tokenizer, chat });
    if (prompt.length > 0 && prompt.length < contextLength) textOf.set(prompt, text);
  }
  if (textOf.size === 0) {
    throw new HeadwayError(
      'model-file-damaged',
      `${directory.label('prompts.json')} has no prompt that fits the context of ${contextLength} tokens.`,
    );
  }
  const notes = [
    own
      ? ''
      : `It brings no prompts.json: the load sends ${textOf.size} short ${chat ? 'questions' : 'prompts'} of Headway's own.`,
    chat ? `Prompts go through its chat template (${chat.source}).` : '',
    ends.size === 0 ? 'None of its files names an end of sequence: answers end by length alone.' : '',
  ];
  const note = notes.filter(Boolean).join(' ') || null;
  return { tokenizer, chat, ends, workload: { prompts: [...textOf.keys()], contextLength }, textOf, note };
}

async function ownTexts(directory: ModelDirectory): Promise<readonly string[] | null> {
  const list = await readOptionalJson(directory, 'prompts.json');
  if (list === null) return null;
  const texts = Array.isArray(list)
    ? list.map((entry: { readonly text?: unknown } | null) => entry?.text)
    : [];
  if (texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  throw new HeadwayError(
    'model-file-damaged',
    `${directory.label('prompts.json')} is not a list of objects with a "text".`,
  );
}

/**
 * The same model, spoken to in the words of a data set. Texts that do not fit the context are left out.
 * @throws HeadwayError `prompt-too-long` when none fits
 */
export function withTexts(book: Phrasebook, { name, texts }: DataSet): Phrasebook {
  const { contextLength } = book.workload;
  const encoded = texts.map((text) => [promptOf(text, book), text] as const);
  const fitting = encoded.filter(([{ length }]) => length > 0 && length < contextLength);
  if (fitting.length === 0) {
    const shortest = Math.min(...encoded.map(([{ length }]) => length));
    throw new HeadwayError(
      'prompt-too-long',
      `${name} has no prompt that fits the model's context of ${contextLength} tokens; its shortest has ${shortest}.`,
    );
  }
  return {
    ...book,
    workload: { prompts: fitting.map(([prompt]) => prompt), contextLength },
    textOf: new Map(fitting),
    note: null,
  };
}

/** @throws HeadwayError `invalid-parameter` for prompts that no request could have */
export function assertFits(load: LoadConfig, { workload }: Phrasebook): void {
  const wrong = promptMisfit(load, workload.contextLength);
  if (wrong) throw new HeadwayError('invalid-parameter', wrong);
}

/**
 * What a request's prompt becomes for the model. A chat without a template is its last user message.
 * @throws HeadwayError `invalid-request`
 */
export function promptTokens(prompt: ServedPrompt, { tokenizer, chat }: Phrasebook): readonly number[] {
  switch (prompt.kind) {
    case 'tokens':
      return notEmpty(prompt.tokens);
    case 'text':
      return notEmpty(tokenizer.encode(prompt.text));
    case 'chat': {
      if (chat) return chatPrompt(prompt.messages, chat, tokenizer);
      const last = prompt.messages.findLast(({ role }) => role === 'user');
      if (last) return notEmpty(tokenizer.encode(last.content));
      throw new HeadwayError('invalid-request', 'messages must have one with the role user; there is none.');
    }
  }
}

function notEmpty(tokens: readonly number[]): readonly number[] {
  if (tokens.length > 0) return tokens;
  throw new HeadwayError('invalid-request', 'The prompt has no token.');
}
