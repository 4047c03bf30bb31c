import { expect, test } from 'vitest';
import { tinyFiles, tinyModels, tinyTexts } from '../../../testing/tiny-models';
import { pickedDirectory } from '../directory/picked-directory';
import { readChatTemplate } from './chat-template';
import { loadTokenizer } from './tokenizer';

const load = async (name: string, files = tinyFiles(name)) => {
  const directory = pickedDirectory(name, files);
  const loaded = await loadTokenizer(directory);
  return { ...loaded, chat: await readChatTemplate(directory, loaded) };
};

const SPOKEN = tinyModels().filter((name) => !name.startsWith('lfm2'));
const CHATTING = SPOKEN.filter((name) => tinyTexts(name).chats.length > 0);

test.each(SPOKEN)('%s makes the tokens and texts that transformers makes', async (name) => {
  const { tokenizer } = await load(name);
  for (const { text, ids, decoded } of tinyTexts(name).texts) {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  }
});

test.each(CHATTING)(
  '%s renders conversations as transformers does, and refuses those that it refuses',
  async (name) => {
    const { chat, tokenizer } = await load(name);
    const { chats } = tinyTexts(name);
    for (const { messages, prompt, ids } of chats) {
      if (prompt === null) {
        expect(() => chat?.render(messages)).toThrow(/chat template \(.*\) refuses these messages/);
        continue;
      }
      expect(chat?.render(messages)).toBe(prompt);
      expect(tokenizer.encodeWhole(prompt)).toEqual(ids);
    }
  },
);

test('a template is found in each of the places where exporters put it', async () => {
  const sourceOf = async (name: string) => (await load(name)).chat?.source ?? null;
  expect(await sourceOf('qwen3-plain')).toBe('chat_template.jinja');
  expect(await sourceOf('llama-plain')).toBe('tokenizer_config.json');
  expect(await sourceOf('mistral-plain')).toBe('tokenizer_config.json (default)');
  expect(await sourceOf('gpt2-plain')).toBeNull();
  // A file of its own counts where both are there, as in transformers.
  const both = tinyFiles('llama-plain', { 'chat_template.jinja': '{{ messages[0].content }}!' });
  const { chat } = await load('llama-plain', both);
  expect(chat?.render([{ role: 'user', content: 'Hello' }])).toBe('Hello!');
});

test('a broken template is named', async () => {
  const broken = tinyFiles('llama-plain', { 'chat_template.jinja': '{% for x in %}' });
  await expect(load('llama-plain', broken)).rejects.toMatchObject({
    code: 'model-file-damaged',
    message: expect.stringContaining('llama-plain/chat_template.jinja has no usable chat template'),
  });
});

test('a character whose bytes are not all there yet is held back while an answer goes on', async () => {
  for (const name of ['llama-plain', 'gemma3-plain']) {
    const { tokenizer } = await load(name);
    const tokens = tokenizer.encode('a🍣b').slice(1);
    const shown = tokens.map((_, i) => tokenizer.decodeSoFar(tokens.slice(0, i + 1)));
    expect(shown.join('|')).not.toContain('\uFFFD');
    expect(shown.at(-1)).toBe('a🍣b');
    expect(shown.filter((text) => text === 'a').length).toBeGreaterThan(1);
  }
});
