import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { HeadwayError } from '../../core/errors';
import { keepCacheOutside, POSITIONS } from './cache-outside';
import { integer, valueInfo } from './graph-builder';
import { int64s, isUsed, nodeOf } from './graph-parts';
import { onlyLastPlaces } from './last-places';
import { DataType, type Graph, type Model, ModelSchema, type Node } from './onnx_pb';

/** Inputs of a serving graph beside `input_ids` and the cache. */
export const SEQLENS = 'seqlens_k';
export const TOTAL = 'total_sequence_length';
export const LAST_INDEX = 'last_index';
/** An input that some exports have. */
export const LOGITS_KEPT = 'num_logits_to_keep';
/** Its outputs beside the cache. */
export const NEXT = 'next';
export const LOGITS = 'next_logits';

export interface ServingGraphOptions {
  /** Where the cache is kept outside of onnxruntime, which is then fed what is needed and asked for no more than is new. */
  readonly cacheOutside?: { readonly headDim: number };
}

/**
 * Rewrites a decoder of the ecosystem's form so that one run does one whole step and nothing more:
 * - `attention_mask` goes, with the nodes that count it, which a GPU leaves to the CPU. What they counted becomes input:
 *   `seqlens_k` [B] and `total_sequence_length` [1], both int32, as GroupQueryAttention takes them.
 * - `logits` are computed for one place of each row alone, at `last_index` [B, 1, 1] (int64), and so is all that only they
 *   need, which is most of the last layer. They are called `next_logits` [B, 1, vocabulary] (f32). The likeliest token of each
 *   row is `next` [B, 1] (int64), ready to be the next step's `input_ids`.
 * - `position_ids`, where a graph takes them, follow from these: a row's last real token is at `seqlens_k`.
 *
 * With `cacheOutside`, as `keepCacheOutside` says on top of that.
 *
 * @param model as `parseModel` read it; it is changed
 * @throws HeadwayError `model-unsupported` for a graph that does not take its lengths so
 */
export function servingGraph(model: Model, file: string, options: ServingGraphOptions = {}): Uint8Array {
  rewriteForServing(model, file, options);
  return toBinary(ModelSchema, model);
}

/** The same without writing it down. */
export function rewriteForServing(model: Model, file: string, options: ServingGraphOptions = {}): void {
  const { graph } = model;
  const attention = graph?.node.filter(({ opType }) => opType === 'GroupQueryAttention') ?? [];
  const [, , , , , lengths, total] = attention[0]?.input ?? [];
  if (!graph || !lengths || !total) throw noAttention(file);
  promote(graph, { [lengths]: SEQLENS, [total]: TOTAL });
  keepAllLogits(graph);
  graph.input.push(valueInfo(SEQLENS, DataType.INT32, ['batch_size']), valueInfo(TOTAL, DataType.INT32, [1]));
  appendGreedyChoice(graph);
  if (options.cacheOutside) keepCacheOutside(model, attention, options.cacheOutside.headDim);
  else if (graph.input.some(({ name }) => name === POSITIONS)) computePositions(graph);
  removeUnused(graph);
  if (graph.input.some((input) => input.name === 'attention_mask' && isUsed(graph, input.name))) {
    throw new HeadwayError(
      'model-unsupported',
      `${file} uses attention_mask for more than the rows' lengths.`,
    );
  }
  graph.input = graph.input.filter((input) => input.name !== 'attention_mask');
  // Shapes that an exporter noted are no longer all true.
  graph.valueInfo = [];
}

const SERVED =
  'Served are decoders whose attention is GroupQueryAttention, or softmax(query × key × scale + mask) × value in plain operators.';

/** Operators by which a decoder remembers something other than keys and values, or has its attention computed otherwise. */
const NOT_SERVED: Readonly<Record<string, string>> = {
  CausalConvWithState: 'a convolution that keeps a state',
  LinearAttention: 'linear attention, which keeps a state',
  Scan: 'a recurrent state',
  Loop: 'a loop',
  If: 'two graphs in one, for the first token and for later ones (a "merged" decoder; choose one with_past)',
  PagedAttention: 'a cache in pages',
  MultiHeadAttention: 'MultiHeadAttention, where all rows of a batch have one length',
  DecoderMaskedMultiHeadAttention: 'MultiHeadAttention, where all rows of a batch have one length',
  SparseAttention: 'SparseAttention',
};

/**
 * Judges a graph by its nodes alone, before its weights are there.
 * @throws HeadwayError `model-unsupported`, with what was found and what is served
 */
export function checkNodes(nodes: readonly Node[], file: string): void {
  const problem = (found: string) => new HeadwayError('model-unsupported', `${file} has ${found}. ${SERVED}`);
  for (const { opType, input, output } of nodes) {
    const found = NOT_SERVED[opType];
    if (found) throw problem(found);
    if (opType === 'GroupQueryAttention' && (input[14] || input[15])) {
      throw problem(
        'norms of queries and keys inside of GroupQueryAttention, which onnxruntime computes on some backends only; export it with fuse_qk_norm_gqa=false',
      );
    }
    const other = output.find(
      (name) => /^present[._]/.test(name) && !/^present\.\d+\.(key|value)$/.test(name),
    );
    if (other) throw problem(`a cache beside keys and values, ${other}`);
  }
  if (!nodes.some(({ opType }) => opType === 'GroupQueryAttention' || opType === 'Softmax')) {
    throw problem('no attention that is known');
  }
}

const noAttention = (file: string) =>
  new HeadwayError(
    'model-unsupported',
    `${file} has no GroupQueryAttention whose lengths are counted. ${SERVED}`,
  );

/** Names of a model's inputs and outputs. */
export function graphInterface({ graph }: Model) {
  const constants = new Set(graph?.initializer.map(({ name }) => name));
  return {
    inputs: graph?.input.map(({ name }) => name).filter((name) => !constants.has(name)) ?? [],
    outputs: graph?.output.map(({ name }) => name) ?? [],
  };
}

/** Reads an ONNX file. @throws HeadwayError `model-file-damaged`, naming the file */
export function parseModel(bytes: Uint8Array, file: string): Model {
  try {
    const model = fromBinary(ModelSchema, bytes);
    if (model.graph && model.graph.node.length > 0) return model;
  } catch (cause) {
    throw new HeadwayError(
      'model-file-damaged',
      `${file} is not an ONNX file: ${(cause as Error).message}.`,
      { cause },
    );
  }
  throw new HeadwayError('model-file-damaged', `${file} is not an ONNX file: it holds no graph.`);
}

/** Some exports ask for how many places logits are wanted, 0 for all. One place of each row is taken from them all here. */
function keepAllLogits(graph: Graph): void {
  const asked = graph.input.find(({ name }) => name === LOGITS_KEPT);
  if (!asked) return;
  graph.input = graph.input.filter((input) => input !== asked);
  graph.initializer.push(int64s(LOGITS_KEPT, [0n], []));
}

/** Nothing computes the old names any more; their readers read the new ones. */
function promote(graph: Graph, names: Readonly<Record<string, string>>): void {
  graph.node = graph.node.filter((node) => !node.output.some((output) => output in names));
  for (const node of graph.node) node.input = node.input.map((input) => names[input] ?? input);
}

function appendGreedyChoice(graph: Graph): void {
  const answer = typeOf(graph, 'logits') === DataType.FLOAT ? LOGITS : 'logits_at_last_index';
  graph.output = graph.output.filter((output) => output.name !== 'logits');
  onlyLastPlaces(graph, 'logits', answer, gatherOf);
  if (answer !== LOGITS) graph.node.push(nodeOf('Cast', [answer], LOGITS, [integer('to', DataType.FLOAT)]));
  graph.node.push(nodeOf('ArgMax', [LOGITS], NEXT, [integer('axis', -1), integer('keepdims', 0)]));
  graph.input.push(valueInfo(LAST_INDEX, DataType.INT64, ['batch_size', 1, 1]));
  graph.output.push(
    valueInfo(NEXT, DataType.INT64, ['batch_size', 1]),
    valueInfo(LOGITS, DataType.FLOAT, ['batch_size', 1, 'vocabulary_size']),
  );
}

/** `position_ids` [B, S]: `seqlens_k` − `last_index` is where a row's new tokens begin. */
function computePositions(graph: Graph): void {
  graph.input = graph.input.filter(({ name }) => name !== POSITIONS);
  graph.initializer.push(
    int64s('positions_axes', [1n]),
    int64s('positions_last_axis', [2n]),
    int64s('positions_zero', [0n], []),
    int64s('positions_one', [1n], []),
  );
  graph.node.unshift(
    nodeOf('Cast', [SEQLENS], 'positions_last', [integer('to', DataType.INT64)]),
    nodeOf('Unsqueeze', ['positions_last', 'positions_axes'], 'positions_last_of_row'),
    nodeOf('Squeeze', [LAST_INDEX, 'positions_last_axis'], 'positions_last_index'),
    nodeOf('Sub', ['positions_last_of_row', 'positions_last_index'], 'positions_first_of_row'),
    nodeOf('Shape', ['input_ids'], 'positions_shape'),
    nodeOf('Gather', ['positions_shape', 'positions_one'], 'positions_width', [integer('axis', 0)]),
    nodeOf('Range', ['positions_zero', 'positions_width', 'positions_one'], 'positions_range'),
    nodeOf('Add', ['positions_first_of_row', 'positions_range'], POSITIONS),
  );
}

const gatherOf = (values: string, output: string) =>
  nodeOf('GatherND', [values, LAST_INDEX], output, [integer('batch_dims', 1)]);

const typeOf = (graph: Graph, output: string) =>
  graph.output.find(({ name }) => name === output)?.type?.tensorType?.elemType;

function removeUnused(graph: Graph): void {
  for (let before = -1; before !== graph.node.length; ) {
    before = graph.node.length;
    const used = new Set([
      ...graph.node.flatMap((node) => node.input),
      ...graph.output.map(({ name }) => name),
    ]);
    graph.node = graph.node.filter((node) => node.output.some((output) => used.has(output)));
    graph.initializer = graph.initializer.filter(({ name }) => used.has(name));
  }
}
