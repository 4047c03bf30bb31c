import type { PreparedModel } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import { type ModelDirectory, readOptionalJson } from '../../model/directory/model-directory';
import { openDirectory } from '../../model/directory/open-directory';
import type { Fetch } from '../../model/model-file';
import { isSynthetic, parseSynthetic } from '../../model/synthetic/spec';
import { loadTokenizer, type Tokenizer } from '../../model/tokenizer';
import type { Workload } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';

/** What is sent to a model that brings no prompts: beginnings that any language model goes on with, of different lengths. */
const GENERIC_PROMPTS: readonly string[] = [
  'The sea was calm that morning, and',
  'Here is how to boil an egg:',
  'A bus that waits for more passengers',
  'Once upon a time, in a village between two hills, there lived a clockmaker who',
  'The capital of France is',
  'Three reasons to keep a diary are',
  'Water boils at',
  'Dear neighbour, I am writing to you because',
  'The quickest way from the station to the market is',
  'In the year 1900 most people',
  'She opened the letter, read it twice, and then',
  'The difference between weather and climate is that',
  'To plant a tree, first',
  'My favourite season is autumn, because',
  'A good teacher',
  'The train was late again. On the platform, an old man with a violin case',
  'Bread is made of flour, water, salt and',
  'When the lights went out, everybody',
  'The shortest day of the year',
  'It is hard to say no when',
  'A list of things to take on a walk in the mountains:',
  'Cats sleep most of the day, and at night',
  'Nobody knew why the bridge had been built, since on the other side there was nothing but',
  'The recipe says to wait for an hour, but',
  'If I could travel to any planet, I would',
  'Small shops close when',
  'A queue grows without end as soon as',
  'The museum opens at ten. Visitors who come earlier',
  'Some words have more than one meaning. For example,',
  'The old map showed a river where today',
  'Learning a language takes time, but it becomes easier once',
  'On the first page of the book there was',
  'Bees find their way home by',
  'The doctor said that the best medicine was',
  'Two friends meet after twenty years. The first one says:',
  'Snow fell all night, so in the morning',
  'A letter of complaint about a broken kettle, polite but firm, could begin like this:',
  'The number after nine is',
  'Before computers, people kept accounts by',
  'Rivers run to the sea because',
];

const PROMPTS = 256;
/** Tokens of a prompt, each length as likely; at most half of the context, so that there is room for an answer. */
const [SHORTEST, LONGEST] = [8, 64];
/** Tokens of a prompt that are shown. */
const SHOWN = 6;

/**
 * What there is to say to a model that has learnt nothing: random tokens, the same for the same seed. Words of a sentence
 * become the token that their hash falls on, and tokens are shown by their number, so that nobody takes them for language.
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
      decode: numbered,
    },
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

/** FNV-1a, 32 bits, unsigned. */
function hash(word: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) bits = Math.imul(bits ^ word.charCodeAt(i), 0x01000193);
  return bits >>> 0;
}

/** What the clients know of the model: how to say things to it, and what there is to say. */
export interface Phrasebook {
  readonly tokenizer: Tokenizer;
  readonly workload: Workload;
  /** The sentence of each of the workload's prompts. */
  readonly textOf: ReadonlyMap<readonly number[], string>;
  /** A synthetic model's: the texts stand for tokens that mean nothing. */
  readonly meaningless?: true;
  /** What somebody should know of the prompts, as a sentence; null for the model's own. */
  readonly note: string | null;
}

/**
 * Reads tokenizer and `prompts.json` (a list of `{ "text" }`) of a model directory; one without prompts is sent our own,
 * and a synthetic model's are made up.
 * Sentences that do not fit the context are left out.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `download-stopped`, `storage-failed`
 */
export async function readPhrasebook(model: PreparedModel, fetchFile?: Fetch): Promise<Phrasebook> {
  const { url, contextLength } = model;
  if (isSynthetic(url)) return syntheticPhrasebook(url);
  const directory = await openDirectory(model, fetchFile && { fetchFile });
  const [tokenizer, own] = await Promise.all([loadTokenizer(directory), ownTexts(directory)]);
  const textOf = new Map<readonly number[], string>();
  for (const text of own ?? GENERIC_PROMPTS) {
    const prompt = tokenizer.encode(text);
    if (prompt.length > 0 && prompt.length < contextLength) textOf.set(prompt, text);
  }
  if (textOf.size === 0) {
    throw new HeadwayError(
      'model-file-damaged',
      `${directory.label('prompts.json')} has no prompt that fits the context of ${contextLength} tokens.`,
    );
  }
  const note = own
    ? null
    : `It brings no prompts.json: the load sends ${textOf.size} short prompts of Headway's own, as plain text without a chat template.`;
  return { tokenizer, workload: { prompts: [...textOf.keys()], contextLength }, textOf, note };
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
