import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serverDirectory } from '../directory/server-directory';
import type { Fetch } from '../model-file';
import { loadTokenizer } from './tokenizer';

const vocab = { '<pad>': 0, '<bos>': 1, '<eos>': 2, '<fix>': 3, I: 4, am: 5, here: 6 };
const definition = {
  version: '1.0',
  added_tokens: ['<pad>', '<bos>', '<eos>', '<fix>'].map((content, id) => ({ id, content, special: true })),
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<bos>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '<fix>', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '<bos>': { id: '<bos>', ids: [1], tokens: ['<bos>'] },
      '<fix>': { id: '<fix>', ids: [3], tokens: ['<fix>'] },
    },
  },
  decoder: null,
  model: { type: 'WordLevel', vocab, unk_token: '<pad>' },
};
const good = { 'tokenizer.json': JSON.stringify(definition), 'tokenizer_config.json': '{}' };

const directory = (files: Record<string, string>) => async (url: string) => {
  const body = files[url.split('/').at(-1) ?? ''];
  return new Response(body ?? 'not found', { status: body === undefined ? 404 : 200 });
};
const from = (fetchFile: Fetch, url = 'https://hub.test/tiny/') =>
  loadTokenizer(serverDirectory(url, fetchFile));
const load = (files: Record<string, string>) => from(directory({ ...good, ...files }));

test('encodes with the template’s special tokens and decodes without any', async () => {
  const { tokenizer } = await load({});
  expect(tokenizer.encode('I am here')).toEqual([1, 4, 5, 6, 3]);
  expect(tokenizer.decode([1, 4, 5, 3, 6, 2, 0])).toBe('I am here');
  expect(tokenizer.decode([])).toBe('');
});

test('a missing file is named, also when the server answers with its page', async () => {
  await expect(from(directory({}))).rejects.toMatchObject({
    code: 'model-file-missing',
    message: expect.stringContaining('https://hub.test/tiny/tokenizer'),
  });
  await expect(load({ 'tokenizer_config.json': '\n<!doctype html><html></html>' })).rejects.toMatchObject({
    code: 'model-file-missing',
    message: expect.stringContaining('https://hub.test/tiny/tokenizer_config.json'),
  });
  const offline = () => Promise.reject(new TypeError('network down'));
  await expect(from(offline)).rejects.toMatchObject({
    code: 'model-file-missing',
    message: expect.stringContaining('network down'),
  });
});

test('a damaged file is named', async () => {
  const damaged = [
    { 'tokenizer.json': '{"model": {' },
    { 'tokenizer.json': '{}' },
    { 'tokenizer.json': '[]' },
    { 'tokenizer.json': JSON.stringify({ ...definition, model: { type: 'NoSuchModel' } }) },
    { 'tokenizer_config.json': '7' },
  ];
  for (const files of damaged) {
    await expect(load(files)).rejects.toMatchObject({
      code: 'model-file-damaged',
      message: expect.stringContaining(`https://hub.test/tiny/${Object.keys(files)[0]}`),
    });
  }
});

const embedded = 'public/models/mini-gpt';
test.skipIf(!existsSync(`${embedded}/tokenizer.json`))('the embedded model’s tokenizer', async () => {
  const read = async (url: string) => new Response(readFileSync(url, 'utf8'));
  const { tokenizer } = await from(read, `${embedded}/`);
  const text = 'She have two apple — naïve, isn’t it? 😀';
  const tokens = tokenizer.encode(text);
  expect(tokens[0]).toBe(1);
  expect(tokens.at(-1)).toBe(3);
  expect(tokenizer.decode(tokens)).toBe(text);
});
