import { expect, test } from 'vitest';
import { tinyFiles } from '../../testing/tiny-models';
import type { PickedFile } from '../core/model';
import { readChatTemplate } from './chat/chat-template';
import { loadTokenizer } from './chat/tokenizer';
import { readDecoderConfig, readEnds } from './decoder-config';
import { pickedDirectory } from './directory/picked-directory';
import { fetchModel } from './fetch-model';
import { nodeOf } from './onnx/graph-parts';
import type { Tensor } from './onnx/onnx_pb';
import { checkNodes, parseModel } from './onnx/serving-graph';
import { attachWeights, detachWeights, weightFiles } from './onnx/weights';

/** Faults that others' loaders were found to have, by kind; the thread is named where it is tested. */

const MODEL = 'llama-plain';

type Content = string | Uint8Array<ArrayBuffer>;

const textOf = async (files: readonly PickedFile[], path: string) =>
  JSON.parse((await files.find((file) => file.path === path)?.file.text()) ?? 'null');

async function withJson(path: string, change: Record<string, unknown>): Promise<readonly PickedFile[]> {
  const own = await textOf(tinyFiles(MODEL), path);
  return tinyFiles(MODEL, { [path]: JSON.stringify({ ...own, ...change }) });
}

const fetchPicked = (files: readonly PickedFile[]) =>
  fetchModel(
    { url: `picked:${MODEL}`, files },
    { slots: 2, room: { kind: 'wasm' }, onBytes: () => {}, onTrouble: () => {} },
  );

/** The model with its larger weights in files beside it, as `locations` say; offsets as if others lay before them. */
async function external(locations: (index: number) => string): Promise<Record<string, Content>> {
  const file = tinyFiles(MODEL).find(({ path }) => path === 'onnx/model.onnx');
  const model = parseModel(new Uint8Array((await file?.file.arrayBuffer()) ?? new ArrayBuffer(0)), MODEL);
  const weights = detachWeights(model);
  const outside = (model.graph?.initializer ?? []).filter(({ externalData }) => externalData.length > 0);
  const files: Record<string, Content> = {};
  outside.forEach((tensor: Tensor, i) => {
    const [entry] = tensor.externalData;
    if (entry) entry.value = locations(i);
    const [path = ''] = weightFilesOf(tensor);
    files[path] = new Uint8Array(weights[i]?.data ?? []);
  });
  const { toBinary } = await import('@bufbuild/protobuf');
  const { ModelSchema } = await import('./onnx/onnx_pb');
  return { ...files, 'onnx/model.onnx': new Uint8Array(toBinary(ModelSchema, model)) };
}

const weightFilesOf = (tensor: Tensor) =>
  tensor.externalData.map(({ value }) => `onnx/${value.replace(/^\.\//, '').replace('/./', '/')}`);

test('transformers.js#1660, text-generation-inference#3247: a template that stands in chat_template.jinja alone is found', async () => {
  const files = tinyFiles('qwen3-plain');
  expect((await textOf(files, 'tokenizer_config.json')).chat_template).toBeUndefined();
  const directory = pickedDirectory('qwen3-plain', files);
  const template = await readChatTemplate(directory, await loadTokenizer(directory));
  expect(template?.source).toBe('chat_template.jinja');
});

test('an end token that generation_config.json does not name ends answers all the same', async () => {
  const generation = await withJson('generation_config.json', { eos_token_id: 7 });
  const directory = pickedDirectory(MODEL, generation);
  const { endToken } = await loadTokenizer(directory);
  expect([...(await readEnds(directory, endToken))].toSorted()).toEqual([7, endToken].toSorted());
  expect((await readDecoderConfig(directory)).eosTokens).toContain(7);
});

test('an end token that only the tokenizer knows is known when the model is served', async () => {
  const { config } = await fetchPicked(
    await withJson('config.json', { eos_token_id: null }).then((files) =>
      files.filter(({ path }) => path !== 'generation_config.json'),
    ),
  );
  const { endToken } = await loadTokenizer(pickedDirectory(MODEL, tinyFiles(MODEL)));
  expect(config.eosTokens).toEqual([endToken]);
});

test('onnxruntime: weights in several files, with ./ and folders in their locations, are read', async () => {
  const files = await external((i) => (i % 2 ? `./model.onnx_data_${i}` : `weights/./part ${i}.bin`));
  const { model, bytes } = await fetchPicked(tinyFiles(MODEL, files));
  expect(model.graph?.initializer.every(({ externalData }) => externalData.length === 0)).toBe(true);
  expect(bytes).toBeGreaterThan(100_000);
});

test.each(['../secret.bin', '/etc/passwd', 'C:\\weights.bin', 'a/../../b.bin', '..'])(
  'weights outside of the directory are refused: %s',
  async (location) => {
    const files = await external(() => location);
    await expect(
      fetchPicked(tinyFiles(MODEL, { 'onnx/model.onnx': files['onnx/model.onnx'] ?? '' })),
    ).rejects.toThrow(/looks for weights at ".*", outside of its own directory/);
  },
);

test('a weights file that is cut short is named, with what was looked for', () => {
  const model = parseModel(
    new Uint8Array([0x3a, 0x0a, 0x0a, 0x08, 0x22, 0x06, 0x43, 0x6f, 0x6e, 0x63, 0x61, 0x74]),
    'short.onnx',
  );
  const [tensor] = [{ name: 'w', key: 'w' }];
  model.graph?.initializer.push({
    $typeName: 'onnx.Tensor',
    ...{ name: tensor?.name ?? '', dims: [100n], dataType: 1, rawData: new Uint8Array(), dataLocation: 1 },
    ...{ floatData: [], int32Data: [], int64Data: [] },
    externalData: [
      { $typeName: 'onnx.Entry', key: 'location', value: 'w.bin' },
      { $typeName: 'onnx.Entry', key: 'offset', value: '10' },
      { $typeName: 'onnx.Entry', key: 'length', value: '400' },
    ],
  });
  expect(weightFiles(model, 'short.onnx')).toEqual(['w.bin']);
  const short = new Map([['w.bin', new Uint8Array(100)]]);
  expect(() => attachWeights(model, short, 'short.onnx')).toThrow(
    /w\.bin is too short: short\.onnx looks for w at/,
  );
});

test('onnxruntime#29186: norms inside of attention are refused by name, before the weights', () => {
  const inputs = [...Array.from({ length: 14 }, (_, i) => `x${i}`), 'q_norm', 'k_norm'];
  const node = nodeOf('GroupQueryAttention', inputs, ['y', 'present.0.key', 'present.0.value']);
  expect(() => checkNodes([node], 'fused.onnx')).toThrow(
    /norms of queries and keys inside of GroupQueryAttention/,
  );
});

test.each([
  ['transformers.js#1599', 'Scan', 'y', 'a recurrent state'],
  ['a merged decoder', 'If', 'y', 'two graphs in one'],
  ['LFM2', 'Conv', 'present.0.conv', 'a cache beside keys and values, present.0.conv'],
  ['Mamba', 'Identity', 'present_ssm.0', 'a cache beside keys and values, present_ssm.0'],
  ['an optimized export', 'MultiHeadAttention', 'y', 'all rows of a batch have one length'],
])('%s is refused by its nodes', (_, opType, output, says) => {
  expect(() => checkNodes([nodeOf(opType, ['x'], output)], 'other.onnx')).toThrow(says);
});

test('a tokenizer that makes tokens above the vocabulary is refused at load', async () => {
  await expect(fetchPicked(await withJson('config.json', { vocab_size: 300 }))).rejects.toThrow(
    /makes tokens up to \d+, but config\.json says that the model knows 300/,
  );
});

test('a graph and a config.json of two models are told apart', async () => {
  await expect(fetchPicked(await withJson('config.json', { head_dim: 32 }))).rejects.toThrow(
    /caches past_key_values\.0\.key with 16 numbers a head, but config\.json says 32/,
  );
});

test('tokenizers: Unigram with byte fallback gives bytes, not <unk>', async () => {
  const vocab = [
    ['<unk>', 0],
    ...Array.from({ length: 256 }, (_, byte) => [
      `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      -10,
    ]),
    ['a', -1],
    ['▁', -2],
  ];
  const definition = {
    added_tokens: [{ id: 0, content: '<unk>', special: true }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] },
    model: { type: 'Unigram', unk_id: 0, vocab, byte_fallback: true },
  };
  const files = [
    { path: 'tokenizer.json', file: new Blob([JSON.stringify(definition)]) },
    { path: 'tokenizer_config.json', file: new Blob(['{}']) },
  ];
  const { tokenizer } = await loadTokenizer(pickedDirectory('unigram', files));
  const bytes = [...new TextEncoder().encode('🍣')].map((byte) => byte + 1);
  expect(tokenizer.encode('a🍣')).toEqual([257, ...bytes]);
  expect(tokenizer.decode(tokenizer.encode('a🍣'))).toBe('a🍣');
});
