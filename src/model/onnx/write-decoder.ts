import { checkShape, type DecoderShape, refusal } from './decoder-shape';
import { float, GraphBuilder, integer, MICROSOFT } from './graph-builder';
import { DataType } from './onnx_pb';
import { rotaryTables } from './rotary-tables';

/**
 * Gives a weight by the hub's Llama name (`model.layers.0.self_attn.q_proj.weight`), row-major with the hub's dimensions:
 * `[outputs, inputs]` for a projection, `[vocabulary, hidden]` for `model.embed_tokens.weight` and `lm_head.weight`,
 * `[hidden]` for a norm. A model with tied embeddings answers `lm_head.weight` with the embedding.
 */
export type Weights = (name: string, dims: readonly number[]) => Float32Array;

/**
 * Writes a Llama-shaped decoder, f32, with the ecosystem's inputs and outputs: `input_ids` [B, S] and `attention_mask`
 * [B, total] (int64), `past_key_values.N.key|value` [B, kvHeads, past, headDim]; `logits` [B, S, vocabulary],
 * `present.N.key|value` [B, kvHeads, total, headDim]. The mask gives each row's own length.
 *
 * @returns the bytes of `onnx/model.onnx`
 * @throws HeadwayError `invalid-parameter` for a shape that no decoder can have, or a weight of another size
 */
export function writeDecoder(shape: DecoderShape, weights: Weights): Uint8Array {
  checkShape(shape);
  const graph = new GraphBuilder('decoder');
  const model = { graph, shape, weights: checkedWeights(weights) };
  graph.input('input_ids', DataType.INT64, ['batch_size', 'sequence_length']);
  graph.input('attention_mask', DataType.INT64, ['batch_size', 'total_sequence_length']);
  graph.output('logits', DataType.FLOAT, ['batch_size', 'sequence_length', shape.vocabulary]);
  addLengths(graph);
  const { cos, sin } = rotaryTables(shape);
  graph.floats('cos', [shape.context, shape.headDim / 2], cos);
  graph.floats('sin', [shape.context, shape.headDim / 2], sin);
  const embedding = 'model.embed_tokens.weight';
  const rows = [shape.vocabulary, shape.hidden];
  graph.floats(embedding, rows, model.weights(embedding, rows));
  let stream = graph.node('Gather', [embedding, 'input_ids'], ['embedded']);
  for (let layer = 0; layer < shape.layers; layer++) stream = addLayer(model, layer, stream);
  const normed = addNorm(model, 'model.norm', stream);
  addProjection(model, 'lm_head', normed, shape.hidden, shape.vocabulary, 'logits');
  return graph.toBytes();
}

interface Model {
  readonly graph: GraphBuilder;
  readonly shape: DecoderShape;
  readonly weights: Weights;
}

/** `seqlens_k` [B], each row's length less one, and `total_sequence_length`, the mask's width, both int32. */
function addLengths(graph: GraphBuilder): void {
  graph.integers('one', [1], [1]);
  graph.integers('axis_1', [1], [1]);
  graph.integers('index_1', [], [1]);
  const int32 = { attributes: [integer('to', DataType.INT32)] };
  graph.node('ReduceSum', ['attention_mask', 'axis_1'], ['row_lengths'], {
    attributes: [integer('keepdims', 0)],
  });
  graph.node('Sub', ['row_lengths', 'one'], ['last_places']);
  graph.node('Cast', ['last_places'], ['seqlens_k'], int32);
  graph.node('Shape', ['attention_mask'], ['mask_shape']);
  graph.node('Gather', ['mask_shape', 'index_1'], ['mask_width'], { attributes: [integer('axis', 0)] });
  graph.node('Cast', ['mask_width'], ['total_sequence_length'], int32);
}

/** One layer: attention, then SwiGLU, each added to the stream [B, S, hidden]. Returns the stream's new name. */
function addLayer(model: Model, layer: number, stream: string): string {
  const name = `model.layers.${layer}`;
  const attended = addAttention(model, layer, addNorm(model, `${name}.input_layernorm`, stream));
  const middle = model.graph.node('Add', [stream, attended], [`${name}.middle`]);
  const fed = addFeedForward(model, name, addNorm(model, `${name}.post_attention_layernorm`, middle));
  return model.graph.node('Add', [middle, fed], [`${name}.end`]);
}

function addAttention(model: Model, layer: number, input: string): string {
  const { graph, shape } = model;
  const name = `model.layers.${layer}.self_attn`;
  const queries = shape.heads * shape.headDim;
  const keys = shape.kvHeads * shape.headDim;
  const q = addProjection(model, `${name}.q_proj`, input, shape.hidden, queries);
  const k = addProjection(model, `${name}.k_proj`, input, shape.hidden, keys);
  const v = addProjection(model, `${name}.v_proj`, input, shape.hidden, keys);
  const past = ['key', 'value'].map((part) => `past_key_values.${layer}.${part}`);
  const present = ['key', 'value'].map((part) => `present.${layer}.${part}`);
  const cache = (length: string) => ['batch_size', shape.kvHeads, length, shape.headDim];
  for (const part of past) graph.input(part, DataType.FLOAT, cache('past_sequence_length'));
  for (const part of present) graph.output(part, DataType.FLOAT, cache('total_sequence_length'));
  const inputs = [q, k, v, ...past, 'seqlens_k', 'total_sequence_length', 'cos', 'sin'];
  const attended = graph.node('GroupQueryAttention', inputs, [`${name}.attended`, ...present], {
    domain: MICROSOFT,
    attributes: [
      integer('num_heads', shape.heads),
      integer('kv_num_heads', shape.kvHeads),
      integer('do_rotary', 1),
    ],
  });
  return addProjection(model, `${name}.o_proj`, attended, queries, shape.hidden);
}

/** SwiGLU: down(silu(gate(x)) · up(x)). */
function addFeedForward(model: Model, layer: string, input: string): string {
  const { graph, shape } = model;
  const name = `${layer}.mlp`;
  const gate = addProjection(model, `${name}.gate_proj`, input, shape.hidden, shape.feedForward);
  const up = addProjection(model, `${name}.up_proj`, input, shape.hidden, shape.feedForward);
  const sigmoid = graph.node('Sigmoid', [gate], [`${name}.sigmoid`]);
  const silu = graph.node('Mul', [gate, sigmoid], [`${name}.silu`]);
  const gated = graph.node('Mul', [silu, up], [`${name}.gated`]);
  return addProjection(model, `${name}.down_proj`, gated, shape.feedForward, shape.hidden);
}

/** RMSNorm, which ONNX Runtime calls a simplified layer normalization. */
function addNorm({ graph, shape, weights }: Model, name: string, input: string): string {
  const weight = `${name}.weight`;
  graph.floats(weight, [shape.hidden], weights(weight, [shape.hidden]));
  return graph.node('SimplifiedLayerNormalization', [input, weight], [`${name}.normed`], {
    attributes: [float('epsilon', shape.normEpsilon), integer('axis', -1)],
  });
}

/** input [B, S, inputs] · weight → [B, S, outputs]. MatMul wants the weight the other way round than the hub keeps it. */
function addProjection(
  { graph, weights }: Model,
  name: string,
  input: string,
  inputs: number,
  outputs: number,
  output = `${name}.projected`,
): string {
  const weight = `${name}.weight`;
  graph.floats(weight, [inputs, outputs], transposed(weights(weight, [outputs, inputs]), outputs, inputs));
  return graph.node('MatMul', [input, weight], [output]);
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return turned;
}

function checkedWeights(weights: Weights): Weights {
  return (name, dims) => {
    const values = weights(name, dims);
    const wanted = dims.reduce((product, size) => product * size, 1);
    if (values.length === wanted) return values;
    throw refusal(`${name} must hold ${dims.join(' × ')} numbers; given: ${values.length}.`);
  };
}
