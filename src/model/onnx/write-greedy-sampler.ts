import { GraphBuilder, integer } from './graph-builder';
import { DataType } from './onnx_pb';

/**
 * Writes the graph that picks each row's likeliest next token, so that logits need not leave the GPU: `logits` [B, S, V]
 * (f32) and `last_index` [B, 1] (int64), each row's place to look at, give `next` [B, 1] (int64), which is the next
 * step's `input_ids`.
 *
 * @returns the bytes of an .onnx file
 */
export function writeGreedySampler(): Uint8Array {
  const graph = new GraphBuilder('greedy_sampler');
  graph.input('logits', DataType.FLOAT, ['batch_size', 'sequence_length', 'vocabulary_size']);
  graph.input('last_index', DataType.INT64, ['batch_size', 1]);
  graph.output('next', DataType.INT64, ['batch_size', 1]);
  graph.node('GatherND', ['logits', 'last_index'], ['last_logits'], {
    attributes: [integer('batch_dims', 1)],
  });
  graph.node('ArgMax', ['last_logits'], ['next'], {
    attributes: [integer('axis', -1), integer('keepdims', 1)],
  });
  return graph.toBytes();
}
