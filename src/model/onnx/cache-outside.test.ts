import { toBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sineWeights, turningByItself } from '../../../testing/test-decoders';
import { cacheNames } from '../decoder-config';
import { attendedPlaces } from './attended-places';
import { windowOf } from './cache-outside';
import type { DecoderShape } from './decoder-shape';
import { float, integer } from './graph-builder';
import { nodeOf } from './graph-parts';
import { type Graph, type Model, ModelSchema, type Node } from './onnx_pb';
import { parseModel, servingGraph } from './serving-graph';
import { writeDecoder } from './write-decoder';

const shape: DecoderShape = {
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  hidden: 24,
  feedForward: 24,
  vocabulary: 40,
  context: 16,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
};
const NAMES = cacheNames(shape.layers).map(({ past }) => past);
const TENSORS = NAMES.length;

const weights = sineWeights(0.9);

const decoder = writeDecoder(shape, weights);
/** Of different lengths; the tokens behind the prompt are fed one by one. */
const SEQUENCES = [
  { prompt: [5, 9, 14, 3, 8], more: [21, 30, 2] },
  { prompt: [7, 31], more: [11, 4, 17] },
];

type Edit = (model: Model, attention: readonly Node[]) => void;

function edited(edit: Edit): Uint8Array {
  const model = parseModel(decoder, 'model.onnx');
  edit(
    model,
    graphOf(model).node.filter(({ opType }) => opType === 'GroupQueryAttention'),
  );
  return toBinary(ModelSchema, model);
}

function graphOf({ graph }: Model): Graph {
  if (!graph) throw new Error('The model has no graph.');
  return graph;
}

const int64 = (values: readonly number[], dims: number[]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

const numbers = (tensor: Tensor | undefined) => Array.from(tensor?.data as Float32Array);

/** Logits behind each of the sequences, by the decoder as it is, from the whole sequence at once. */
async function expectedLogits(file: Uint8Array, takesPositions: boolean): Promise<number[][]> {
  const session = await InferenceSession.create(file);
  const answers: number[][] = [];
  for (let step = 0; step <= 3; step++) {
    for (const { prompt, more } of SEQUENCES) {
      const tokens = [...prompt, ...more.slice(0, step)];
      const dims = [1, tokens.length];
      const { logits } = await session.run({
        input_ids: int64(tokens, dims),
        attention_mask: int64(
          tokens.map(() => 1),
          dims,
        ),
        ...(takesPositions ? { position_ids: int64([...tokens.keys()], dims) } : {}),
        ...Object.fromEntries(
          NAMES.map((name) => [
            name,
            new Tensor('float32', new Float32Array(), [1, shape.kvHeads, 0, shape.headDim]),
          ]),
        ),
      });
      answers.push(numbers(logits).slice(-shape.vocabulary));
    }
  }
  return answers;
}

/** The same by the serving graph: both prompts in one padded pass, then token by token over a cache that is kept here. */
async function servedLogits(graph: Uint8Array): Promise<number[][]> {
  const session = await InferenceSession.create(graph);
  const { kvHeads, headDim, vocabulary } = shape;
  const PAST = 12;
  const cache = NAMES.map(() => new Float32Array(2 * kvHeads * PAST * headDim));
  const answers: number[][] = [];
  const before = [0, 0];
  for (let step = 0; step <= 3; step++) {
    const rows = SEQUENCES.map(({ prompt, more }) => (step === 0 ? prompt : [more[step - 1] as number]));
    const width = Math.max(...rows.map((row) => row.length));
    const pastWidth = step === 0 ? 0 : PAST;
    const attended = session.inputNames.flatMap((name) => {
      const window = windowOf(name);
      if (window === null) return [];
      const { places, rows } = attendedPlaces(before, width, pastWidth, window);
      return [[name, new Tensor('bool', places, [rows, 1, width, pastWidth + width])] as const];
    });
    const inputs: Record<string, Tensor> = {
      input_ids: int64(
        rows.flatMap((row) => [...row, ...Array(width - row.length).fill(0)]),
        [2, width],
      ),
      position_ids: int64(
        before.flatMap((length) => Array.from({ length: width }, (_, i) => length + i)),
        [2, width],
      ),
      ...Object.fromEntries(attended),
      seqlens_k: new Tensor(
        'int32',
        Int32Array.from(rows, (row, i) => (before[i] as number) + row.length - 1),
        [2],
      ),
      total_sequence_length: new Tensor('int32', Int32Array.of(Math.max(...before) + width), [1]),
      last_index: int64(
        rows.map((row) => row.length - 1),
        [2, 1, 1],
      ),
      ...Object.fromEntries(
        NAMES.map((name, i) => {
          const values = step === 0 ? new Float32Array() : (cache[i] as Float32Array);
          return [name, new Tensor('float32', values, [2, kvHeads, pastWidth, headDim])];
        }),
      ),
    };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name] as Tensor]));
    const { next_logits: logits, appended } = await session.run(feeds);
    expect(appended?.dims).toEqual([2, width, TENSORS * kvHeads * headDim]);
    const added = appended?.data as Float32Array;
    rows.forEach((row, r) => {
      answers.push(numbers(logits).slice(r * vocabulary, (r + 1) * vocabulary));
      for (let place = 0; place < row.length; place++) {
        for (let t = 0; t < TENSORS; t++) {
          for (let head = 0; head < kvHeads; head++) {
            const from = (((r * width + place) * TENSORS + t) * kvHeads + head) * headDim;
            const to = ((r * kvHeads + head) * PAST + (before[r] as number) + place) * headDim;
            cache[t]?.set(added.subarray(from, from + headDim), to);
          }
        }
      }
      before[r] = (before[r] as number) + row.length;
    });
  }
  return answers;
}

const operators = (graph: Uint8Array) =>
  new Set(graphOf(parseModel(graph, 'serving')).node.map(({ opType }) => opType));

/** Whether a graph with the cache outside computes what the decoder computes. */
async function expectSame(file: Uint8Array, takesPositions = false): Promise<Uint8Array> {
  const graph = servingGraph(parseModel(file, 'model.onnx'), 'model.onnx', {
    cacheOutside: { headDim: shape.headDim },
  });
  const expected = await expectedLogits(file, takesPositions);
  const found = await servedLogits(graph);
  expect(found).toEqual(expected.map((logits) => logits.map((logit) => expect.closeTo(logit, 4))));
  return graph;
}

describe('a decoder whose cache is kept outside', () => {
  it('computes the same from keys and values that come back by the one output', async () => {
    const graph = await expectSame(decoder);
    expect(operators(graph)).toContain('Attention');
    expect(operators(graph)).not.toContain('GroupQueryAttention');
    const { input, output } = graphOf(parseModel(graph, 'serving'));
    expect(output.map(({ name }) => name).toSorted()).toEqual(['appended', 'next', 'next_logits']);
    expect(input.map(({ name }) => name).toSorted()).toEqual(
      ['attended_places', 'input_ids', 'last_index', 'position_ids', ...NAMES].toSorted(),
    );
  });

  it('keeps scale and softcap', async () => {
    const plain = await expectedLogits(decoder, false);
    const file = edited((_, attention) => {
      for (const node of attention) node.attribute.push(float('scale', 0.9), float('softcap', 0.5));
    });
    const graph = await expectSame(file);
    expect(operators(graph)).toContain('Attention');
    expect(await expectedLogits(file, false)).not.toEqual(plain);
  });

  it('tells a layer with a sliding window which of the last tokens it looks at', async () => {
    const plain = await expectedLogits(decoder, false);
    const file = edited((_, attention) => {
      attention[1]?.attribute.push(integer('local_window_size', 2));
    });
    const graph = await expectSame(file);
    expect(operators(graph)).not.toContain('GroupQueryAttention');
    const inputs = graphOf(parseModel(graph, 'serving')).input.map(({ name }) => name);
    expect(inputs).toEqual(expect.arrayContaining(['attended_places', 'attended_places_2']));
    expect(await expectedLogits(file, false)).not.toEqual(plain);
  });

  it('keeps GroupQueryAttention where it does what Attention cannot', async () => {
    const file = edited((_, attention) => {
      for (const node of attention) node.attribute.push(integer('smooth_softmax', 1));
    });
    expect(operators(await expectSame(file))).toContain('GroupQueryAttention');
  });

  it('keeps it, too, in a model of an older ONNX, whose other operators may mean something else in a newer one', async () => {
    const file = edited((model) => {
      for (const imported of model.opsetImport) if (!imported.domain) imported.version = 17n;
    });
    expect(operators(await expectSame(file))).toContain('GroupQueryAttention');
  });

  it('splits queries, keys and values that come as one', async () => {
    const file = edited((model, attention) => {
      for (const node of attention) {
        const packed = `${node.name}:packed`;
        const { node: nodes } = graphOf(model);
        nodes.splice(
          nodes.indexOf(node),
          0,
          nodeOf('Concat', node.input.slice(0, 3), packed, [integer('axis', -1)]),
        );
        node.input.splice(0, 3, packed, '', '');
      }
    });
    expect(operators(await expectSame(file))).toContain('Attention');
  });

  it('turns a part of each head where the model does', async () => {
    const plain = await expectedLogits(decoder, false);
    const file = edited((model) => {
      for (const table of graphOf(model).initializer.filter(({ name }) => name === 'cos' || name === 'sin')) {
        table.dims = [BigInt(shape.context), 8n];
        table.rawData = table.rawData.slice(0, table.rawData.length / 2);
      }
    });
    await expectSame(file);
    expect(await expectedLogits(file, false)).not.toEqual(plain);
  });

  it('is told the positions where the model turns by itself', async () => {
    const file = turningByItself(decoder, shape);
    expect(operators(await expectSame(file, true))).toContain('Attention');
  });
});
