import type { Workload } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';

/**
 * Words that are one token each, with the space before them, in the vocabularies of most models. A text of a wanted
 * length is put together from them.
 */
const COMMON =
  'the of and to in is it for on that with as was at by from this be are have not but they which one you all there their when who more no out up said what about so time some only them like other new then these two may first any now such our over man me even most after also did many before must through back years where much your way well down should because each just those people too little state good very make world still own see men work long here get both between life being under never day same another know while last might us great old year off come since go right used take three'.split(
    ' ',
  );
const FILLERS = 64;
const FILLER_WORDS = 64;
/** Numbers of words made up on the way begin here, above those of `COMMON`. */
const FIRST_OWN = COMMON.length;

/** How many tokens a text of common words comes to, as the server counted two of them. */
export interface Ruler {
  readonly tokensPerWord: number;
  /** What the server adds to every prompt: its chat template and special tokens. */
  readonly overhead: number;
}

/** Until a server has counted: one each, and nothing added. */
export const PLAIN_RULER: Ruler = { tokensPerWord: 1, overhead: 0 };

/** So many common words as a prompt. */
export const wordsOf = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => COMMON[(from + i) % COMMON.length]).join(' ');

/** From what two prompts of common words came to. Null where that makes no sense. */
export function rulerFrom(
  short: { readonly words: number; readonly tokens: number },
  long: { readonly words: number; readonly tokens: number },
): Ruler | null {
  const tokensPerWord = (long.tokens - short.tokens) / (long.words - short.words);
  if (!(tokensPerWord > 0.2)) return null;
  return { tokensPerWord, overhead: Math.max(0, Math.round(short.tokens - short.words * tokensPerWord)) };
}

/**
 * Prompts for an engine that has a tokenizer of its own: numbers stand for words here, so that what makes requests goes
 * on drawing, cutting and joining numbers, and `textOf` says them.
 */
export class Words {
  readonly #ruler: Ruler;
  readonly #words: string[] = [...COMMON];
  readonly #numbers = new Map<string, number>();

  constructor(ruler: Ruler) {
    this.#ruler = ruler;
  }

  /** Words with the white space before them, so that `textOf` gives back the very text. */
  encode(text: string): readonly number[] {
    return (text.match(/\s*\S+|\s+$/g) ?? []).map((word) => {
      const known = this.#numbers.get(word);
      if (known !== undefined) return known;
      const number = this.#words.push(word) - 1;
      this.#numbers.set(word, number);
      return number;
    });
  }

  workload(texts: readonly string[], contextLength: number): Workload {
    const rng = createRng(1).fork('filler words');
    const filler = Array.from({ length: FILLERS }, () =>
      Array.from({ length: FILLER_WORDS }, () => Math.floor(rng.uniform() * COMMON.length)),
    );
    return { prompts: texts.map((text) => this.encode(text)), filler, contextLength };
  }

  /** A prompt of fillers is as many tokens long as it has numbers, by the ruler. */
  textOf(prompt: readonly number[]): string {
    const [first = 0] = prompt;
    if (first >= FIRST_OWN) return prompt.map((number) => this.#words[number]).join('');
    const { tokensPerWord, overhead } = this.#ruler;
    const count = Math.max(1, Math.round((prompt.length - overhead) / tokensPerWord));
    return Array.from({ length: count }, (_, i) => COMMON[prompt[i % prompt.length] ?? 0]).join(' ');
  }
}
