import { integer, MICROSOFT, valueInfo } from './graph-builder';
import { int64s, isUsed, nodeOf } from './graph-parts';
import { DataType, type Graph, type Model, type Node } from './onnx_pb';

/** Input of a graph whose cache is kept outside: which places each new one attends to, past ones first. */
export const ATTENDED = 'attended_places';
/** Its output: what a run adds to the cache. */
export const APPENDED = 'appended';
/** The place of each new token in its sequence. */
export const POSITIONS = 'position_ids';

/** The first one with the operator Attention. */
const ATTENTION_OPSET = 23n;
/** From here to there no operator of a decoder has changed its meaning. */
const OLDEST_OPSET = 18n;

/**
 * Lets a decoder whose cache is kept by somebody else say what is new in it, and nothing else. `present` goes; instead:
 * - `appended` [B, S, tensors × kvHeads × headDim]: of each new token its key and value, layer by layer, as the cache has them.
 * - GroupQueryAttention turns neither queries nor keys any more. RotaryEmbedding does it before, by `position_ids` [B, S]
 *   (int64), an input.
 * - It becomes ONNX's Attention, which onnxruntime-web 1.30 computes faster on a CPU, prompts above all (docs/benchmark.md,
 *   "Against the full copy"). What each of the S new places attends to is said by `attended_places` [1 or B, 1, S, past + S]
 *   (bool): any of its row's past, and of the new ones the row's own and those before.
 *   Where a node wants what that operator does not have (a sliding window), it stays what it was.
 *
 * Inputs that no node reads any more go.
 *
 * @param attention the graph's GroupQueryAttention nodes
 */
export function keepCacheOutside(model: Model, attention: readonly Node[]): void {
  const graph = model.graph as Graph;
  const onnx = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = onnx?.version ?? 0n;
  const modern = version >= OLDEST_OPSET && version <= ATTENTION_OPSET;
  if (onnx && modern) onnx.version = ATTENTION_OPSET;
  const past = graph.input.find(({ name }) => name === attention[0]?.input[3]);
  const type = past?.type?.tensorType?.elemType ?? DataType.FLOAT;
  const appended = attention.flatMap((node) => {
    unpack(graph, node);
    turnBefore(graph, node);
    const added = node.input.slice(1, 3);
    if (modern && canAttend(node)) attend(node);
    return added;
  });
  graph.node.push(nodeOf('Concat', appended, APPENDED, [integer('axis', -1)]));
  const present = new Set(attention.flatMap(({ output }) => output.slice(1)));
  graph.output = graph.output.filter(({ name }) => !present.has(name));
  graph.output.push(valueInfo(APPENDED, type, ['batch_size', 'sequence_length', 'appended_size']));
  graph.input = graph.input.filter(({ name }) => name !== POSITIONS);
  graph.input.push(
    valueInfo(POSITIONS, DataType.INT64, ['batch_size', 'sequence_length']),
    valueInfo(ATTENDED, DataType.BOOL, ['batch_size_or_1', 1, 'sequence_length', 'attended_length']),
  );
  graph.input = graph.input.filter(({ name }) => isUsed(graph, name));
}

const numberOf = ({ attribute }: Node, name: string): bigint =>
  attribute.find((candidate) => candidate.name === name)?.i ?? 0n;

/** Queries, keys and values that come as one are split. */
function unpack(graph: Graph, node: Node): void {
  const [packed = '', key, , past] = node.input;
  if (key) return;
  const size = headSize(graph, past);
  const [heads, kvHeads] = [numberOf(node, 'num_heads'), numberOf(node, 'kv_num_heads')];
  const sizes = `${packed}:sizes`;
  graph.initializer.push(int64s(sizes, [heads * size, kvHeads * size, kvHeads * size]));
  const parts = ['query', 'key', 'value'].map((part) => `${packed}:${part}`);
  putBefore(graph, node, [nodeOf('Split', [packed, sizes], parts, [integer('axis', -1)])]);
  node.input.splice(0, 3, ...parts);
}

/** Queries and keys are turned before the node gets them. */
function turnBefore(graph: Graph, node: Node): void {
  const [query = '', key = '', value = '', pastKey = '', pastValue = '', lengths = '', total = ''] =
    node.input;
  const [, , , , , , , cos = '', sin = '', , ...more] = node.input;
  let turned = [query, key];
  if (numberOf(node, 'do_rotary') === 1n) {
    // Where only a part of each head is turned, its size has to be said.
    const size = headSize(graph, pastKey);
    const turning = 2n * (graph.initializer.find(({ name }) => name === cos)?.dims[1] ?? 0n);
    const part = turning < size ? turning : 0n;
    const attributes = (heads: string) => [
      integer('num_heads', Number(numberOf(node, heads))),
      integer('interleaved', Number(numberOf(node, 'rotary_interleaved'))),
      integer('rotary_embedding_dim', Number(part)),
    ];
    const nodes = [
      { name: query, heads: 'num_heads' },
      { name: key, heads: 'kv_num_heads' },
    ].map(({ name, heads }) =>
      nodeOf('RotaryEmbedding', [name, POSITIONS, cos, sin], `${name}:turned`, attributes(heads), MICROSOFT),
    );
    putBefore(graph, node, nodes);
    turned = nodes.flatMap(({ output }) => output);
  }
  node.attribute = node.attribute.filter(({ name }) => name !== 'do_rotary' && name !== 'rotary_interleaved');
  node.input = [...turned, value, pastKey, pastValue, lengths, total];
  if (more.some((name) => name)) node.input.push('', '', '', ...more);
}

/** Numbers of a head, as the cache's tensor [B, kvHeads, past, headDim] says; 0 where it does not. */
function headSize(graph: Graph, past: string | undefined): bigint {
  const input = graph.input.find(({ name }) => name === past);
  const size = input?.type?.tensorType?.shape?.dim[3]?.value;
  return size?.case === 'dimValue' ? size.value : 0n;
}

const TAKEN_OVER = ['num_heads', 'kv_num_heads', 'scale', 'softcap'];

/** Whether it wants no more than Attention has: of anything else, an attribute that is there is off. */
function canAttend({ input, output, attribute }: Node): boolean {
  const others = attribute.filter(({ name }) => !TAKEN_OVER.includes(name));
  const isOff = others.every(({ i }) => i !== undefined && i <= 0n);
  return isOff && input.length === 7 && output.length <= 3;
}

function attend(node: Node): void {
  const [query = '', key = '', value = '', pastKey = '', pastValue = ''] = node.input;
  node.opType = 'Attention';
  node.domain = '';
  node.input = [query, key, value, ATTENDED, pastKey, pastValue];
  node.attribute = [
    integer('q_num_heads', Number(numberOf(node, 'num_heads'))),
    integer('kv_num_heads', Number(numberOf(node, 'kv_num_heads'))),
    // 0 means the usual one to GroupQueryAttention, and nothing good to Attention.
    ...node.attribute.filter(({ name, f }) => (name === 'scale' || name === 'softcap') && f),
  ];
}

function putBefore(graph: Graph, node: Node, others: readonly Node[]): void {
  graph.node.splice(graph.node.indexOf(node), 0, ...others);
}
