import { readFileSync } from 'node:fs';
import type { GeneratePrompt } from '../../src/core/commands';

const FILE = new URL('../../public/models/mini-gpt/prompts.json', import.meta.url);

/** Different sentences of very different lengths, as the embedded model's own list has them, so that batches are ragged. */
export function prompts(count: number, maxNewTokens: number): readonly GeneratePrompt[] {
  const texts = (JSON.parse(readFileSync(FILE, 'utf8')) as { text: string }[]).map(({ text }) => text);
  const different = [...new Set(texts)].slice(0, count);
  if (different.length < count) throw new Error(`There are ${different.length} prompts; wanted: ${count}.`);
  return different.map((prompt, i) => ({ id: `p${i}`, prompt, max_new_tokens: maxNewTokens }));
}
