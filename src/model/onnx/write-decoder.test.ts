import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sineWeights } from '../../../testing/test-decoders';
import type { DecoderShape } from './decoder-shape';
import { ModelSchema } from './onnx_pb';
import { type Weights, writeDecoder } from './write-decoder';

const shape: DecoderShape = {
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  hidden: 24,
  feedForward: 40,
  vocabulary: 50,
  context: 32,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
};

const weights = sineWeights(0.7);

const read = (bytes: Uint8Array) => {
  const { graph } = fromBinary(ModelSchema, bytes);
  if (!graph) throw new Error('the file holds no graph');
  return graph;
};

describe('the written decoder', () => {
  const graph = read(writeDecoder(shape, weights));

  it('has the inputs and outputs that the ecosystem expects', () => {
    expect(graph.input.map(({ name }) => name)).toEqual([
      'input_ids',
      'attention_mask',
      'past_key_values.0.key',
      'past_key_values.0.value',
      'past_key_values.1.key',
      'past_key_values.1.value',
    ]);
    expect(graph.output.map(({ name }) => name)).toEqual([
      'logits',
      'present.0.key',
      'present.0.value',
      'present.1.key',
      'present.1.value',
    ]);
  });

  it('uses no value before it is made, and makes each once', () => {
    const made = [...graph.input, ...graph.initializer].map(({ name }) => name);
    for (const node of graph.node) {
      expect(made).toEqual(expect.arrayContaining(node.input));
      made.push(...node.output);
    }
    expect(new Set(made).size).toBe(made.length);
    expect(made).toEqual(expect.arrayContaining(graph.output.map(({ name }) => name)));
  });

  it('turns the hub layout of a projection, [outputs, inputs], into [inputs, outputs]', () => {
    const name = 'model.layers.0.mlp.gate_proj.weight';
    const stored = graph.initializer.find((tensor) => tensor.name === name);
    const values = new Float32Array(Uint8Array.from(stored?.rawData ?? []).buffer);
    expect(stored?.dims).toEqual([24n, 40n]);
    expect(values[1]).toBe(weights(name, [40, 24])[24]);
  });

  it('gives the same logits token by token from the cache as for the whole sequence at once', async () => {
    const session = await InferenceSession.create(writeDecoder(shape, weights));
    const ids = [3, 41, 7, 7, 19];
    const cache: Record<string, Tensor> = {};
    for (const name of session.inputNames.slice(2)) {
      cache[name] = new Tensor('float32', new Float32Array(), [1, shape.kvHeads, 0, shape.headDim]);
    }
    const run = (part: readonly number[], total: number, past: Record<string, Tensor>) =>
      session.run({ input_ids: row(part), attention_mask: row(Array(total).fill(1)), ...past });
    const whole = await run(ids, ids.length, cache);
    const start = await run(ids.slice(0, 4), 4, cache);
    const past = Object.fromEntries(
      session.inputNames
        .slice(2)
        .map((name) => [name, present(start, name.replace('past_key_values', 'present'))]),
    );
    const last = await run(ids.slice(4), 5, past);
    const wanted = numbers(present(whole, 'logits')).slice(-shape.vocabulary);
    for (const [token, logit] of numbers(present(last, 'logits')).entries()) {
      expect(logit).toBeCloseTo(wanted[token] ?? Number.NaN, 4);
    }
  });
});

const row = (values: readonly number[]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
const numbers = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const present = (results: InferenceSession.ReturnType, name: string): Tensor => {
  const tensor = results[name];
  if (!tensor) throw new Error(`${name} is missing`);
  return tensor as Tensor;
};

it('writes the embedded model’s file again, byte for byte, from its weights', () => {
  const file = readFileSync('public/models/mini-gpt/onnx/model.onnx');
  const stored = new Map(read(file).initializer.map(({ name, rawData }) => [name, rawData]));
  const hubs: Weights = (name, [outputs = 0, inputs = 0]) => {
    const values = new Float32Array(Uint8Array.from(stored.get(name) ?? []).buffer);
    if (!/proj|lm_head/.test(name)) return values;
    return values.map((_, i) => values[(i % inputs) * outputs + Math.floor(i / inputs)] ?? Number.NaN);
  };
  const config = JSON.parse(readFileSync('public/models/mini-gpt/config.json', 'utf8'));
  const embedded: DecoderShape = {
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    hidden: config.hidden_size,
    feedForward: config.intermediate_size,
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings,
    ropeTheta: config.rope_theta,
    normEpsilon: config.rms_norm_eps,
  };
  expect(file.equals(writeDecoder(embedded, hubs))).toBe(true);
});

describe('a decoder that cannot be', () => {
  it.each([
    [{ kvHeads: 3 }, 'heads must be a multiple of kvHeads; given: 4 and 3.'],
    [{ headDim: 8 }, 'headDim must be a multiple of 16; given: 8.'],
    [{ layers: 0 }, 'layers must be a whole number of at least 1; given: 0.'],
    [{ hidden: 2.5 }, 'hidden must be a whole number of at least 1; given: 2.5.'],
    [{ ropeTheta: Number.NaN }, 'ropeTheta must be a number above 0; given: NaN.'],
  ])('is refused: %o', (change, problem) => {
    expect(() => writeDecoder({ ...shape, ...change }, weights)).toThrow(problem);
  });

  it('is refused when a weight has another size', () => {
    const short: Weights = (name, dims) => weights(name, dims).slice(name === 'model.norm.weight' ? 1 : 0);
    expect(() => writeDecoder(shape, short)).toThrow('model.norm.weight must hold 24 numbers; given: 23.');
  });
});
