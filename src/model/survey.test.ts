import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pickedDirectory } from './directory/picked-directory';
import type { Room } from './fit';
import { type SurveyWish, surveyDirectory } from './survey';

const embedded = (path: string) => readFileSync(`public/models/mini-gpt/${path}`, 'utf8');
const CONFIG = JSON.parse(embedded('config.json'));
const GOOD: Readonly<Record<string, string>> = {
  'config.json': JSON.stringify(CONFIG),
  'tokenizer.json': embedded('tokenizer.json'),
  'tokenizer_config.json': embedded('tokenizer_config.json'),
  'onnx/model.onnx': 'a graph',
  'onnx/model_q4.onnx': 'a graph',
  'onnx/model_q4f16.onnx': 'a graph',
};
const GPU = (f16: boolean): Room => ({ kind: 'webgpu', buffer: 128 * 2 ** 20, f16 });
const WASM: Room = { kind: 'wasm' };

function survey(files: Readonly<Record<string, string | null>>, wish: Partial<SurveyWish> = {}) {
  const all = Object.entries({ ...GOOD, ...files }).flatMap(([path, text]) =>
    text === null ? [] : [{ path, file: new Blob([text]) }],
  );
  return surveyDirectory(pickedDirectory('mine', all), {
    file: null,
    context: null,
    slots: 8,
    room: null,
    ...wish,
  });
}

test('a directory with all that is needed has nothing in its way', async () => {
  const found = await survey({});
  expect(found.obstacles).toEqual([]);
  expect(found).toMatchObject({ ownContext: 128, config: { contextLength: 128, layers: 4, eosTokens: [2] } });
});

test('the file that suits what computes is chosen, unless one is asked for', async () => {
  expect((await survey({}, { room: WASM })).file).toBe('onnx/model_q4.onnx');
  expect((await survey({}, { room: GPU(false) })).file).toBe('onnx/model_q4.onnx');
  expect((await survey({}, { room: GPU(true) })).file).toBe('onnx/model_q4f16.onnx');
  expect((await survey({}, { room: WASM, file: 'onnx/model.onnx' })).file).toBe('onnx/model.onnx');
  const other = await survey({}, { file: 'onnx/model_int8.onnx' });
  expect(other.obstacles).toEqual([
    'It has no onnx/model_int8.onnx; it has onnx/model.onnx, onnx/model_q4.onnx, onnx/model_q4f16.onnx.',
  ]);
});

test('all that stands in the way is said at once', async () => {
  const none = { 'onnx/model.onnx': null, 'onnx/model_q4.onnx': null, 'onnx/model_q4f16.onnx': null };
  const { obstacles } = await survey({
    ...none,
    'tokenizer_config.json': null,
    'model.safetensors': 'weights',
    'config.json': JSON.stringify({ ...CONFIG, architectures: ['BertForMaskedLM'], model_type: 'bert' }),
  });
  expect(obstacles).toEqual([
    'It lacks tokenizer_config.json.',
    'It has no .onnx file, such as onnx/model.onnx; weights in other formats (safetensors, GGUF) are not served.',
    'mine/config.json cannot be served: Its architecture, BertForMaskedLM (model_type bert), is no decoder that writes text (…ForCausalLM).',
  ]);
});

test.each([
  [{ ...CONFIG, is_encoder_decoder: true, model_type: 't5' }, 'an encoder and a decoder (model_type t5)'],
  [{ ...CONFIG, vocab_size: undefined }, 'vocab_size (given: nothing)'],
  [{ ...CONFIG, num_hidden_layers: -1 }, 'num_hidden_layers (given: -1)'],
])('a configuration of no decoder is named', async (config, says) => {
  const { obstacles } = await survey({ 'config.json': JSON.stringify(config) });
  expect(obstacles.join()).toContain(says);
});

test('a tokenizer of an unknown kind is named', async () => {
  const tokenizer = JSON.stringify({ ...JSON.parse(embedded('tokenizer.json')), model: { type: 'Riddle' } });
  const { obstacles } = await survey({ 'tokenizer.json': tokenizer });
  expect(obstacles).toHaveLength(1);
  expect(obstacles[0]).toContain('mine/tokenizer.json defines no usable tokenizer');
});

test('a long context is cut to what is usual unless more is asked for, and refused where the cache has no room', async () => {
  const long = { 'config.json': JSON.stringify({ ...CONFIG, max_position_embeddings: 131_072 }) };
  expect(await survey(long)).toMatchObject({ ownContext: 131_072, config: { contextLength: 1024 } });
  const asked = { context: 65_536, room: GPU(true), file: 'onnx/model.onnx' };
  const { config, obstacles } = await survey(long, asked);
  expect(config?.contextLength).toBe(65_536);
  expect(obstacles).toEqual([]);
  const more = await survey(long, { ...asked, slots: 16 });
  expect(more.obstacles).toEqual([
    '16 slots with a context of 65536 need 268 MB in one buffer for a layer’s keys; this adapter allows 134 MB, which is 8 slots, or a context of 32768 tokens (context=…).',
  ]);
});

test('16 bits without shader-f16 are refused', async () => {
  const { obstacles } = await survey({}, { room: GPU(false), file: 'onnx/model_q4f16.onnx' });
  expect(obstacles).toEqual([
    'onnx/model_q4f16.onnx computes in 16 bits, for which this adapter lacks shader-f16: choose another file.',
  ]);
});
