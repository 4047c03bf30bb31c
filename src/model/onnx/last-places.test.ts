import { toBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, integer, valueInfo } from './graph-builder';
import { nodeOf } from './graph-parts';
import { onlyLastPlaces } from './last-places';
import { DataType, type Graph, ModelSchema } from './onnx_pb';
import { parseModel } from './serving-graph';

const F = DataType.FLOAT;
const WIDTH = 4;
const PLACES = 3;
const numbers = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + 1));

/** What is computed from `stream` [B, S, 4]. */
type Tail = (graph: GraphBuilder) => string;

function written(tail: Tail, rewrite: (graph: Graph, value: string) => void) {
  const builder = new GraphBuilder('test');
  builder.input('input_ids', DataType.INT64, ['b', 's']);
  builder.input('last_index', DataType.INT64, ['b', 1, 1]);
  builder.constant('table', F, [9, WIDTH], numbers(9 * WIDTH));
  builder.constant('matrix', F, [WIDTH, WIDTH], numbers(WIDTH * WIDTH));
  builder.constant('vector', F, [WIDTH], numbers(WIDTH));
  builder.constant('place by place', F, [PLACES, WIDTH], numbers(PLACES * WIDTH));
  builder.node('Gather', ['table', 'input_ids'], ['stream']);
  const value = tail(builder);
  const model = parseModel(builder.toBytes(), 'test');
  const graph = model.graph as Graph;
  graph.output.push(valueInfo('answer', F, ['b', 1, WIDTH]));
  rewrite(graph, value);
  return { graph, bytes: toBinary(ModelSchema, model) };
}

const gather = (values: string, output: string) =>
  nodeOf('GatherND', [values, 'last_index'], output, [integer('batch_dims', 1)]);

async function answer(bytes: Uint8Array): Promise<number[]> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { answer: found } = await session.run({
    input_ids: new Tensor('int64', BigInt64Array.of(3n, 8n, 1n, 7n, 2n, 0n), [2, PLACES]),
    last_index: new Tensor('int64', BigInt64Array.of(2n, 1n), [2, 1, 1]),
  });
  return Array.from(found?.data as Float32Array);
}

/** Of which values only the last places are taken; what comes of it is what the whole graph computes. */
async function taken(tail: Tail): Promise<string[]> {
  const whole = written(tail, (graph, value) => graph.node.push(gather(value, 'answer')));
  const lean = written(tail, (graph, value) => onlyLastPlaces(graph, value, 'answer', gather));
  expect(await answer(lean.bytes)).toEqual(
    (await answer(whole.bytes)).map((number) => expect.closeTo(number, 5)),
  );
  return lean.graph.node.filter(({ opType }) => opType === 'GatherND').map(({ input }) => input[0] as string);
}

describe('what is computed for the last place of each row alone', () => {
  it('is all that works place by place, up to what does not', async () => {
    const tail: Tail = (graph) => {
      const mixed = graph.node('CumSum', ['stream', graph.integers('axis', [], [1])], ['mixed']);
      const projected = graph.node('MatMul', [mixed, 'matrix'], ['projected']);
      const shifted = graph.node('Add', [projected, 'vector'], ['shifted']);
      const gate = graph.node('Sigmoid', [shifted], ['gate']);
      const gated = graph.node('Mul', [gate, shifted], ['gated']);
      return graph.node('Add', ['stream', gated], ['value']);
    };
    expect(await taken(tail)).toEqual(['mixed', 'stream']);
  });

  it('is not a value that another node needs too', async () => {
    const tail: Tail = (graph) => {
      const shared = graph.node('Sigmoid', ['stream'], ['shared']);
      graph.output('also', F, ['b', 's', WIDTH]);
      graph.node('CumSum', [shared, graph.integers('axis', [], [1])], ['also']);
      return graph.node('Mul', [shared, 'vector'], ['value']);
    };
    expect(await taken(tail)).toEqual(['shared']);
  });

  it('is not what the graph answers, too', async () => {
    const tail: Tail = (graph) => {
      graph.output('also', F, ['b', 's', WIDTH]);
      const also = graph.node('Sigmoid', ['stream'], ['also']);
      return graph.node('Mul', [also, 'vector'], ['value']);
    };
    expect(await taken(tail)).toEqual(['also']);
  });

  it('is not what has a constant for each place', async () => {
    const tail: Tail = (graph) => {
      const placed = graph.node('Add', ['stream', 'place by place'], ['placed']);
      return graph.node('Sigmoid', [placed], ['value']);
    };
    expect(await taken(tail)).toEqual(['placed']);
  });

  it('is not what is multiplied by something computed', async () => {
    const tail: Tail = (graph) => {
      const transposed = graph.node('Transpose', ['matrix'], ['transposed']);
      const projected = graph.node('MatMul', ['stream', transposed], ['projected']);
      return graph.node('Sigmoid', [projected], ['value']);
    };
    expect(await taken(tail)).toEqual(['projected']);
  });

  it('is the value alone where nothing before it works so', async () => {
    const tail: Tail = (graph) => graph.node('Softplus', ['stream'], ['value']);
    expect(await taken(tail)).toEqual(['value']);
  });
});
