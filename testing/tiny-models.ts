import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PickedFile } from '../src/core/model';

/** Where the models that `make_tiny.py` made lie. */
const HOME = 'testing/models';

/** What PyTorch answers to a prompt, both in tokens. */
export interface TinyAnswer {
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
}

/** Names of the tiny models, `llama-plain`, `llama-gqa` and so on. */
export const tinyModels = (): readonly string[] =>
  readdirSync(HOME).filter((name) => /-(plain|gqa)$/.test(name));

export const tinyAnswers = (name: string): readonly TinyAnswer[] =>
  JSON.parse(readFileSync(join(HOME, name, 'expected.json'), 'utf8')).answers;

/** What transformers makes of texts and of conversations; of one that the template refuses, null. */
export interface TinyTexts {
  readonly texts: readonly { readonly text: string; readonly ids: number[]; readonly decoded: string }[];
  readonly chats: readonly {
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly prompt: string | null;
    readonly ids: number[] | null;
  }[];
}

export const tinyTexts = (name: string): TinyTexts =>
  JSON.parse(readFileSync(join(HOME, name, 'texts.json'), 'utf8'));

/** Its files as if they had been picked on the page. @param others files to add, or to put in the place of its own */
export function tinyFiles(
  name: string,
  others: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {},
): readonly PickedFile[] {
  const home = join(HOME, name);
  const own = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: path.slice(home.length + 1), file: new Blob([new Uint8Array(readFileSync(path))]) };
    });
  const added = Object.entries(others).map(([path, content]) => ({ path, file: new Blob([content]) }));
  return [...own.filter(({ path }) => !(path in others)), ...added];
}
