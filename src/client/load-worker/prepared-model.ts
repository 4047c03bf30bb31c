import { HeadwayError } from '../../core/errors';
import type { Workload } from '../../load/request-source';
import type { Fetch } from '../../model/model-file';
import { type ModelDirectory, readOptionalJson } from '../../model/source/model-directory';
import { openDirectory } from '../../model/source/open-directory';
import { isSynthetic } from '../../model/synthetic/spec';
import { loadTokenizer, type Tokenizer } from '../../model/tokenizer';
import type { PreparedModel } from '../load-control';
import { GENERIC_PROMPTS } from './generic-prompts';
import { syntheticPhrasebook } from './synthetic-phrasebook';

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
