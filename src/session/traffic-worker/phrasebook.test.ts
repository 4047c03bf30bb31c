import { expect, test } from 'vitest';
import { readPhrasebook } from './phrasebook';

const SPEC = 'synthetic:layers=1,hidden=32,heads=2,vocabulary=100';
const book = (spec: string) => readPhrasebook({ url: spec, contextLength: 0 });

test('prompts are random tokens of the vocabulary, of spread lengths, the same for the same seed', async () => {
  const { workload } = await book(`${SPEC},context=512`);
  const lengths = new Set(workload.prompts.map((prompt) => prompt.length));
  expect(Math.min(...lengths)).toBe(8);
  expect(Math.max(...lengths)).toBe(64);
  expect(lengths.size).toBeGreaterThan(40);
  expect(new Set(workload.prompts.flat()).size).toBe(100);
  expect(Math.max(...workload.prompts.flat())).toBe(99);
  expect((await book(`${SPEC},context=512`)).workload).toEqual(workload);
  expect((await book(`${SPEC},context=512,seed=2`)).workload).not.toEqual(workload);
});

test('a short context leaves room for an answer', async () => {
  const { workload } = await book(`${SPEC},context=10`);
  expect(workload.contextLength).toBe(10);
  expect(workload.prompts.every((prompt) => prompt.length === 5)).toBe(true);
});

test('words become tokens, and tokens are shown as numbers', async () => {
  const { tokenizer, workload, textOf } = await book(`${SPEC},context=64`);
  const tokens = tokenizer.encode('the cat  and the dog');
  expect(tokens).toHaveLength(5);
  expect(tokens[3]).toBe(tokens[0]);
  expect(tokens.every((token) => token >= 0 && token < 100)).toBe(true);
  expect(tokenizer.decode([17, 4])).toBe('⟨17⟩⟨4⟩');
  const [prompt = []] = workload.prompts;
  expect(textOf.get(prompt)).toMatch(/^\d+ random tokens: (⟨\d+⟩){6} …$/);
});
