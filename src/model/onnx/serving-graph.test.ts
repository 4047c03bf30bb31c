import { toBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sineWeights, turningByItself } from '../../../testing/test-decoders';
import type { DecoderShape } from './decoder-shape';
import { GraphBuilder, integer } from './graph-builder';
import { headNodes } from './graph-head';
import { DataType, ModelSchema } from './onnx_pb';
import { checkNodes, graphInterface, parseModel, servingGraph } from './serving-graph';
import { writeDecoder } from './write-decoder';

const shape: DecoderShape = {
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 16,
  hidden: 24,
  feedForward: 24,
  vocabulary: 40,
  context: 16,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
};

const weights = sineWeights(0.9);

const emptyPast = (rows: number) => new Tensor('float32', new Float32Array(0), [rows, 1, 0, 16]);
const int64 = (values: number[], dims: number[]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

/** Two prompts of 4 and 2 tokens, right-padded. */
const ROWS = 2;
const IDS = [5, 9, 14, 3, 21, 8, 0, 0];
const LENGTHS = [4, 2];

/**
 * As onnxruntime-genai's builder writes it: the rows' lengths are a column, [B, 1], under names of its own.
 */
function exported(decoder: Uint8Array): Uint8Array {
  const model = parseModel(decoder, 'model.onnx');
  const { graph } = model;
  const subgraph = '/model/attn_mask_reformat/attn_mask_subgraph';
  const renamed: Record<string, string> = {
    seqlens_k: `${subgraph}/Sub/Cast/output_0`,
    total_sequence_length: `${subgraph}/Gather/Cast/output_0`,
  };
  for (const node of graph?.node ?? []) {
    node.input = node.input.map((name) => renamed[name] ?? name);
    node.output = node.output.map((name) => renamed[name] ?? name);
    if (node.opType === 'ReduceSum') node.attribute = [integer('keepdims', 1)];
  }
  return toBinary(ModelSchema, model);
}

describe('the serving graph', () => {
  const decoder = writeDecoder(shape, weights);
  const serving = servingGraph(parseModel(decoder, 'model.onnx'), 'model.onnx');

  it('takes lengths instead of a mask, and answers tokens beside the logits of one place', () => {
    const cache = ['past_key_values.0.key', 'past_key_values.0.value'];
    const { inputs, outputs } = graphInterface(parseModel(serving, 'model.onnx'));
    expect(inputs.toSorted()).toEqual(
      ['input_ids', 'last_index', 'seqlens_k', 'total_sequence_length', ...cache].toSorted(),
    );
    expect(outputs.toSorted()).toEqual(['next', 'next_logits', 'present.0.key', 'present.0.value']);
  });

  it('gives the logits that the decoder gives, and the likeliest token of them', async () => {
    const plain = await InferenceSession.create(decoder);
    const past = { 'past_key_values.0.key': emptyPast(ROWS), 'past_key_values.0.value': emptyPast(ROWS) };
    const ids = int64(IDS, [ROWS, 4]);
    const { logits } = await plain.run({
      input_ids: ids,
      attention_mask: int64([1, 1, 1, 1, 1, 1, 0, 0], [ROWS, 4]),
      ...past,
    });
    const values = logits?.data as Float32Array;
    const expected = LENGTHS.map((length, row) => {
      const at = (row * 4 + length - 1) * shape.vocabulary;
      const own = Array.from(values.subarray(at, at + shape.vocabulary));
      return own;
    });

    const session = await InferenceSession.create(serving);
    const feeds = {
      input_ids: ids,
      seqlens_k: new Tensor(
        'int32',
        Int32Array.from(LENGTHS, (length) => length - 1),
        [ROWS],
      ),
      total_sequence_length: new Tensor('int32', Int32Array.of(4), [1]),
      last_index: int64(
        LENGTHS.map((length) => length - 1),
        [ROWS, 1, 1],
      ),
      ...past,
    };
    const { next, next_logits: found } = await session.run(feeds);
    const likeliest = expected.map((own) => own.indexOf(Math.max(...own)));
    expect(Array.from(next?.data as BigInt64Array, Number)).toEqual(likeliest);
    expect(found?.dims).toEqual([ROWS, 1, shape.vocabulary]);
    expect(Array.from(found?.data as Float32Array)).toEqual(
      expected.flat().map((logit) => expect.closeTo(logit, 5)),
    );
    expect(Object.keys(await session.run(feeds, ['next']))).toEqual(['next']);
  });

  it('rewrites the form that onnxruntime-genai exports as it does our own', () => {
    const model = parseModel(exported(decoder), 'model.onnx');
    const { inputs, outputs } = graphInterface(parseModel(servingGraph(model, 'model.onnx'), 'model.onnx'));
    const own = graphInterface(parseModel(serving, 'model.onnx'));
    expect(inputs.toSorted()).toEqual(own.inputs.toSorted());
    expect(outputs.toSorted()).toEqual(own.outputs.toSorted());
  });

  it('gives the same tokens in that form', async () => {
    const rewritten = servingGraph(parseModel(exported(decoder), 'model.onnx'), 'model.onnx');
    const past = { 'past_key_values.0.key': emptyPast(ROWS), 'past_key_values.0.value': emptyPast(ROWS) };
    const feeds = {
      input_ids: int64(IDS, [ROWS, 4]),
      seqlens_k: new Tensor('int32', Int32Array.of(3, 1), [ROWS]),
      total_sequence_length: new Tensor('int32', Int32Array.of(4), [1]),
      last_index: int64([3, 1], [ROWS, 1, 1]),
      ...past,
    };
    const answers = [];
    for (const graph of [serving, rewritten]) {
      const { next_logits } = await (await InferenceSession.create(graph)).run(feeds);
      answers.push(Array.from(next_logits?.data as Float32Array));
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  it('works out the positions of a graph that takes them, in a prompt and after it', async () => {
    const turned = parseModel(turningByItself(decoder, shape), 'model.onnx');
    expect(graphInterface(turned).inputs).toContain('position_ids');
    const rewritten = servingGraph(turned, 'model.onnx');
    const answers = [];
    for (const graph of [serving, rewritten]) {
      const session = await InferenceSession.create(graph);
      const run = (ids: Tensor, lengths: readonly number[], total: number, cache: Record<string, Tensor>) =>
        session.run({
          input_ids: ids,
          seqlens_k: new Tensor('int32', Int32Array.from(lengths), [ROWS]),
          total_sequence_length: new Tensor('int32', Int32Array.of(total), [1]),
          last_index: int64(total === 4 ? [...lengths] : [0, 0], [ROWS, 1, 1]),
          ...cache,
        });
      const first = await run(int64(IDS, [ROWS, 4]), [3, 1], 4, {
        'past_key_values.0.key': emptyPast(ROWS),
        'past_key_values.0.value': emptyPast(ROWS),
      });
      const second = await run(int64([7, 11], [ROWS, 1]), [4, 2], 5, {
        'past_key_values.0.key': first['present.0.key'] as Tensor,
        'past_key_values.0.value': first['present.0.value'] as Tensor,
      });
      answers.push([first, second].map(({ next_logits }) => Array.from(next_logits?.data as Float32Array)));
    }
    const [expected = [], found = []] = answers;
    expect(expected[0]).not.toEqual(expected[1]);
    for (const step of [0, 1]) {
      expect(found[step]).toEqual(expected[step]?.map((logit) => expect.closeTo(logit, 4)));
    }
  });

  it('is refused by its first bytes alone where there is no such attention', () => {
    const nodes = headNodes(decoder.subarray(0, 6000));
    expect(nodes?.map(({ opType }) => opType)).toContain('GroupQueryAttention');
    expect(() => checkNodes(nodes ?? [], 'model.onnx')).not.toThrow();
    expect(headNodes(decoder.subarray(0, 400))).toBeNull();
    expect(headNodes(new Uint8Array(0))).toBeNull();
    expect(headNodes(Uint8Array.of(1, 2, 3))).toBeNull();
    expect(() => checkNodes([], 'other.onnx')).toThrow(
      'other.onnx has no attention that is known. Served are',
    );
  });

  it('refuses a graph whose cache cannot stay in place, and a file that is none', () => {
    const other = new GraphBuilder('other');
    other.input('input_ids', DataType.INT64, ['batch_size', 'sequence_length']);
    other.output('logits', DataType.FLOAT, ['batch_size']);
    other.node('Cast', ['input_ids'], ['logits']);
    const parsed = parseModel(other.toBytes(), 'other.onnx');
    expect(() => servingGraph(parsed, 'other.onnx')).toThrow(/other\.onnx has no GroupQueryAttention/);
    expect(() => parseModel(new Uint8Array([1, 2, 3]), 'cut.onnx')).toThrow(/cut\.onnx is not an ONNX file/);
    expect(() => parseModel(new Uint8Array(0), 'empty.onnx')).toThrow(/empty\.onnx is not an ONNX file/);
  });
});
