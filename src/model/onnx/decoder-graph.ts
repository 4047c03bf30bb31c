import { checkShape, type DecoderShape, type Dtype, Q4_BLOCK } from './decoder-shape';
import { float, GraphBuilder, integer, integers, MICROSOFT } from './graph-builder';
import { halves } from './half';
import { DataType } from './onnx_pb';
import { rotaryTables } from './rotary-tables';

/** A constant that the model has learnt, before it has numbers. */
export interface Weight {
  /** The hub's Llama name, such as `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
  /**
   * `norm`: [hidden]. `table`: an embedding, [vocabulary, hidden]. `projection`: [inputs, outputs], the other way round than
   * the hub keeps it. `blocks`: a projection in q4, [outputs, inputs / 32, 16], two values a byte, the lower half first, each
   * counted from 8. `scales`: of the blocks, one each.
   */
  readonly role: 'norm' | 'table' | 'projection' | 'blocks' | 'scales';
  readonly type: DataType;
  readonly dims: readonly number[];
  /** Products that are summed to one output of a projection. */
  readonly inputs: number;
}

/** Adds the weight to the graph as a constant of its name. */
export type PlaceWeight = (graph: GraphBuilder, weight: Weight) => void;

export interface DecoderForm {
  readonly dtype: Dtype;
  /** The embedding is the head's weight as well, kept once; else `model.embed_tokens.weight` is a table of its own. */
  readonly tied: boolean;
}

/**
 * A Llama-shaped decoder with the ecosystem's inputs and outputs: `input_ids` [B, S] and `attention_mask` [B, total] (int64),
 * `past_key_values.N.key|value` [B, kvHeads, past, headDim]; `logits` [B, S, vocabulary], `present.N.key|value`
 * [B, kvHeads, total, headDim]. The mask gives each row's own length.
 *
 * @returns the bytes of an .onnx file
 * @throws HeadwayError `invalid-parameter` for a shape that no decoder can have
 */
export function decoderGraph(shape: DecoderShape, form: DecoderForm, place: PlaceWeight): Uint8Array {
  checkShape(shape, form.dtype);
  const graph = new GraphBuilder('decoder');
  const numbers = form.dtype === 'f16' ? DataType.FLOAT16 : DataType.FLOAT;
  const model = { graph, shape, ...form, numbers, place: (weight: Weight) => place(graph, weight) };
  graph.input('input_ids', DataType.INT64, ['batch_size', 'sequence_length']);
  graph.input('attention_mask', DataType.INT64, ['batch_size', 'total_sequence_length']);
  graph.output('logits', numbers, ['batch_size', 'sequence_length', shape.vocabulary]);
  addLengths(graph);
  addRotaryTables(model);
  let stream = form.tied ? addTiedEmbedding(model) : addEmbedding(model);
  for (let layer = 0; layer < shape.layers; layer++) stream = addLayer(model, layer, stream);
  const normed = addNorm(model, 'model.norm', stream);
  if (!form.tied) placeProjection(model, HEAD, shape.hidden, shape.vocabulary);
  project(model, HEAD, normed, shape.hidden, shape.vocabulary, 'logits');
  return graph.toBytes();
}

const HEAD = 'lm_head';

interface Model extends DecoderForm {
  readonly graph: GraphBuilder;
  readonly shape: DecoderShape;
  /** Of activations and cache. */
  readonly numbers: DataType;
  readonly place: (weight: Weight) => void;
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

function addRotaryTables({ graph, shape, numbers }: Model): void {
  for (const [name, values] of Object.entries(rotaryTables(shape))) {
    const kept = numbers === DataType.FLOAT16 ? halves(values) : values;
    graph.constant(name, numbers, [shape.context, shape.headDim / 2], kept);
  }
}

/** A row of a table of its own for each token, [B, S, hidden]. */
function addEmbedding({ graph, shape, numbers, place }: Model): string {
  const name = 'model.embed_tokens.weight';
  const dims = [shape.vocabulary, shape.hidden];
  place({ name, role: 'table', type: numbers, dims, inputs: shape.hidden });
  return graph.node('Gather', [name, 'input_ids'], ['embedded']);
}

/** A column of the head's weight for each token, [B, S, hidden]; in q4, where outputs come first, its blocks. */
function addTiedEmbedding(model: Model): string {
  const { graph, shape, dtype } = model;
  placeProjection(model, HEAD, shape.hidden, shape.vocabulary);
  if (dtype !== 'q4') {
    const columns = graph.node('Gather', [`${HEAD}.weight`, 'input_ids'], ['columns'], {
      attributes: [integer('axis', 1)],
    });
    return graph.node('Transpose', [columns], ['embedded'], { attributes: [integers('perm', [1, 2, 0])] });
  }
  placeScales(model, 'embedding.scales', shape.hidden, [shape.vocabulary, shape.hidden / Q4_BLOCK, 1]);
  graph.integers('embedded_shape', [3], [0, 0, shape.hidden]);
  const blocks = graph.node(
    'GatherBlockQuantized',
    [`${HEAD}.weight`, 'input_ids', 'embedding.scales'],
    ['blocks'],
    {
      domain: MICROSOFT,
      attributes: [...BLOCKS, integer('gather_axis', 0), integer('quantize_axis', 2)],
    },
  );
  return graph.node('Reshape', [blocks, 'embedded_shape'], ['embedded']);
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
  const { graph, shape, numbers } = model;
  const name = `model.layers.${layer}.self_attn`;
  const queries = shape.heads * shape.headDim;
  const keys = shape.kvHeads * shape.headDim;
  const q = addProjection(model, `${name}.q_proj`, input, shape.hidden, queries);
  const k = addProjection(model, `${name}.k_proj`, input, shape.hidden, keys);
  const v = addProjection(model, `${name}.v_proj`, input, shape.hidden, keys);
  const past = ['key', 'value'].map((part) => `past_key_values.${layer}.${part}`);
  const present = ['key', 'value'].map((part) => `present.${layer}.${part}`);
  const cache = (length: string) => ['batch_size', shape.kvHeads, length, shape.headDim];
  for (const part of past) graph.input(part, numbers, cache('past_sequence_length'));
  for (const part of present) graph.output(part, numbers, cache('total_sequence_length'));
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
function addNorm({ graph, shape, numbers, place }: Model, name: string, input: string): string {
  const weight = `${name}.weight`;
  place({ name: weight, role: 'norm', type: numbers, dims: [shape.hidden], inputs: 1 });
  return graph.node('SimplifiedLayerNormalization', [input, weight], [`${name}.normed`], {
    attributes: [float('epsilon', shape.normEpsilon), integer('axis', -1)],
  });
}

function addProjection(model: Model, name: string, input: string, inputs: number, outputs: number): string {
  placeProjection(model, name, inputs, outputs);
  return project(model, name, input, inputs, outputs);
}

function placeProjection(model: Model, name: string, inputs: number, outputs: number): void {
  const weight = { name: `${name}.weight`, inputs };
  if (model.dtype !== 'q4') {
    model.place({ ...weight, role: 'projection', type: model.numbers, dims: [inputs, outputs] });
    return;
  }
  const blocks = [outputs, inputs / Q4_BLOCK];
  model.place({ ...weight, role: 'blocks', type: DataType.UINT8, dims: [...blocks, Q4_BLOCK / 2] });
  placeScales(model, `${name}.scales`, inputs, blocks);
}

const placeScales = (model: Model, name: string, inputs: number, dims: readonly number[]) =>
  model.place({ name, role: 'scales', type: DataType.FLOAT, dims, inputs });

const BLOCKS = [integer('bits', 4), integer('block_size', Q4_BLOCK)];

/** input [B, S, inputs] · weight → [B, S, outputs]. */
function project(
  { graph, dtype }: Model,
  name: string,
  input: string,
  inputs: number,
  outputs: number,
  output = `${name}.projected`,
): string {
  if (dtype !== 'q4') return graph.node('MatMul', [input, `${name}.weight`], [output]);
  return graph.node('MatMulNBits', [input, `${name}.weight`, `${name}.scales`], [output], {
    domain: MICROSOFT,
    attributes: [...BLOCKS, integer('K', inputs), integer('N', outputs)],
  });
}
