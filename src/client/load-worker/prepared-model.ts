import { HeadwayError } from '../../core/errors';
import type { Workload } from '../../load/request-source';
import { type Fetch, readModelJson } from '../../model/model-file';
import { isSynthetic } from '../../model/synthetic/spec';
import { loadTokenizer, type Tokenizer } from '../../model/tokenizer';
import type { PreparedModel } from '../load-control';
import { syntheticPhrasebook } from './synthetic-phrasebook';

/** What the clients know of the model: how to say things to it, and what there is to say. */
export interface Phrasebook {
  readonly tokenizer: Tokenizer;
  readonly workload: Workload;
  /** The sentence of each of the workload's prompts. */
  readonly textOf: ReadonlyMap<readonly number[], string>;
  /** A synthetic model's: the texts stand for tokens that mean nothing. */
  readonly meaningless?: true;
}

/**
 * Reads tokenizer and `prompts.json` (a list of `{ "text" }`) of a model directory; a synthetic model's are made up.
 * Sentences that do not fit the context are left out.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`
 */
export async function readPhrasebook(
  { url, contextLength }: PreparedModel,
  fetchFile?: Fetch,
): Promise<Phrasebook> {
  if (isSynthetic(url)) return syntheticPhrasebook(url);
  const [tokenizer, list] = await Promise.all([
    loadTokenizer(url, fetchFile),
    readModelJson(`${url}prompts.json`, fetchFile),
  ]);
  const textOf = new Map<readonly number[], string>();
  for (const text of textsOf(list, url)) {
    const prompt = tokenizer.encode(text);
    if (prompt.length < contextLength) textOf.set(prompt, text);
  }
  if (textOf.size === 0) {
    throw new HeadwayError(
      'model-file-damaged',
      `${url}prompts.json has no prompt that fits the context of ${contextLength} tokens.`,
    );
  }
  return { tokenizer, workload: { prompts: [...textOf.keys()], contextLength }, textOf };
}

function textsOf(list: unknown, url: string): readonly string[] {
  const texts = Array.isArray(list)
    ? list.map((entry: { readonly text?: unknown } | null) => entry?.text)
    : [];
  if (texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  throw new HeadwayError('model-file-damaged', `${url}prompts.json is not a list of objects with a "text".`);
}
