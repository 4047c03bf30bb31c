import { toBinary } from '@bufbuild/protobuf';
import type { DecoderShape } from '../src/model/onnx/decoder-shape';
import { integer, MICROSOFT, valueInfo } from '../src/model/onnx/graph-builder';
import { nodeOf } from '../src/model/onnx/graph-parts';
import { DataType, ModelSchema } from '../src/model/onnx/onnx_pb';
import { parseModel } from '../src/model/onnx/serving-graph';
import type { Weights } from '../src/model/onnx/write-decoder';

/** For tests: weights that differ from place to place and from tensor to tensor, small enough for a calm softmax. */
export const sineWeights =
  (frequency: number): Weights =>
  (name, dims) => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    return Float32Array.from({ length: size }, (_, index) => Math.sin(index * frequency + name.length) / 3);
  };

/** For tests: the decoder with rotary positions outside of attention, from an input of their own, as other exports have them. */
export function turningByItself(decoder: Uint8Array, { heads, kvHeads, headDim }: DecoderShape): Uint8Array {
  const model = parseModel(decoder, 'model.onnx');
  const { graph } = model;
  const attention = graph?.node.filter(({ opType }) => opType === 'GroupQueryAttention') ?? [];
  if (!graph || attention.length === 0) throw new Error('The decoder has no attention.');
  for (const node of attention) {
    const turned = node.input
      .slice(0, 2)
      .map((name, i) =>
        nodeOf(
          'RotaryEmbedding',
          [name, 'position_ids', 'cos', 'sin'],
          `${name}.turned`,
          [integer('num_heads', i === 0 ? heads : kvHeads), integer('rotary_embedding_dim', headDim)],
          MICROSOFT,
        ),
      );
    graph.node.splice(graph.node.indexOf(node), 0, ...turned);
    node.input = [...turned.flatMap(({ output }) => output), ...node.input.slice(2, 7)];
    node.attribute = node.attribute.filter(({ name }) => name !== 'do_rotary');
  }
  graph.input.push(valueInfo('position_ids', DataType.INT64, ['batch_size', 'sequence_length']));
  return toBinary(ModelSchema, model);
}
