import { createRng } from '../../load/rng';
import { parseSynthetic } from '../../model/synthetic/spec';
import type { Phrasebook } from './prepared-model';

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
export function syntheticPhrasebook(spec: string): Phrasebook {
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
