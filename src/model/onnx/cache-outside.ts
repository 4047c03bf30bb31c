import { integer, MICROSOFT, valueInfo } from './graph-builder';
import { attributeOf } from './graph-index';
import { int64s, isUsed, nodeOf } from './graph-parts';
import { DataType, type Graph, type Model, type Node } from './onnx_pb';

/** Input of a graph whose cache is kept outside: which places each new one attends to, past ones first. */
const ATTENDED = 'attended_places';
/** The same input of a layer whose tokens look at the last `window` tokens only. */
const attendedInput = (window: number): string => (window > 0 ? `${ATTENDED}_${window}` : ATTENDED);
/** The window of such an input, 0 for all tokens; null for another input. */
export function windowOf(input: string): number | null {
  if (!input.startsWith(ATTENDED)) return null;
  return Number(input.slice(ATTENDED.length + 1));
}

/** Its output: what a run adds to the cache. */
export const APPENDED = 'appended';
/** The place of each new token in its sequence. */
export const POSITIONS = 'position_ids';

/** The first one with the operator Attention. */
const ATTENTION_OPSET = 23n;
/** From here to there no operator of a decoder has changed its meaning. */
const OLDEST_OPSET = 18n;

/**
 * Makes a decoder whose cache is kept outside return only what is new in it. `present` goes; instead:
 * - `appended` [B, S, tensors × kvHeads × headDim]: of each new token its key and value, layer by layer, as the cache has them.
 * - GroupQueryAttention turns neither queries nor keys any more. RotaryEmbedding does it before, by `position_ids` [B, S]
 *   (int64), an input.
 * - It becomes ONNX's Attention, which onnxruntime-web 1.30 computes faster on a CPU, prompts above all (docs/benchmark.md,
 *   "Against the full copy"). What each of the S new places attends to is said by `attended_places` [1 or B, 1, S, past + S]
 *   (bool): any of its row's past, and of the new ones the row's own and those before.
 *   A layer with a sliding window has an input of its own, `attended_places_12`. Where a node wants what that operator does
 *   not have, it stays what it was.
 *
 * Inputs that no node reads any more go.
 *
 * @param attention the graph's GroupQueryAttention nodes
 * @param headDim numbers of a head, which an exporter may leave open in the cache's shape
 */
export function keepCacheOutside(model: Model, attention: readonly Node[], headDim: number): void {
  const graph = model.graph as Graph;
  const onnx = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = onnx?.version ?? 0n;
  const modern = version >= OLDEST_OPSET && version <= ATTENTION_OPSET;
  if (onnx && modern) onnx.version = ATTENTION_OPSET;
  const past = graph.input.find(({ name }) => name === attention[0]?.input[3]);
  const type = past?.type?.tensorType?.elemType ?? DataType.FLOAT;
  const windows = new Set<number>();
  const appended = attention.flatMap((node) => {
    unpack(graph, node, BigInt(headDim));
    turnBefore(graph, node, BigInt(headDim));
    const added = node.input.slice(1, 3);
    if (modern && canAttend(node)) windows.add(attend(node));
    return added;
  });
  graph.node.push(nodeOf('Concat', appended, APPENDED, [integer('axis', -1)]));
  const present = new Set(attention.flatMap(({ output }) => output.slice(1)));
  graph.output = graph.output.filter(({ name }) => !present.has(name));
  graph.output.push(valueInfo(APPENDED, type, ['batch_size', 'sequence_length', 'appended_size']));
  graph.input = graph.input.filter(({ name }) => name !== POSITIONS);
  graph.input.push(
    valueInfo(POSITIONS, DataType.INT64, ['batch_size', 'sequence_length']),
    ...[...windows].map((window) =>
      valueInfo(attendedInput(window), DataType.BOOL, [
        'batch_size_or_1',
        1,
        'sequence_length',
        'attended_length',
      ]),
    ),
  );
  graph.input = graph.input.filter(({ name }) => isUsed(graph, name));
}

const numberOf = ({ attribute }: Node, name: string): bigint =>
  attribute.find((candidate) => candidate.name === name)?.i ?? 0n;

/** Queries, keys and values that come as one are split. */
function unpack(graph: Graph, node: Node, size: bigint): void {
  const [packed = '', key] = node.input;
  if (key) return;
  const [heads, kvHeads] = [numberOf(node, 'num_heads'), numberOf(node, 'kv_num_heads')];
  const sizes = `${packed}:sizes`;
  graph.initializer.push(int64s(sizes, [heads * size, kvHeads * size, kvHeads * size]));
  const parts = ['query', 'key', 'value'].map((part) => `${packed}:${part}`);
  putBefore(graph, node, [nodeOf('Split', [packed, sizes], parts, [integer('axis', -1)])]);
  node.input.splice(0, 3, ...parts);
}

/** Queries and keys are turned before the node gets them. */
function turnBefore(graph: Graph, node: Node, size: bigint): void {
  const [query = '', key = '', value = '', pastKey = '', pastValue = '', lengths = '', total = ''] =
    node.input;
  const [, , , , , , , cos = '', sin = '', , ...more] = node.input;
  let turned = [query, key];
  if (numberOf(node, 'do_rotary') === 1n) {
    // Where only a part of each head is turned, its size has to be said.
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

const TAKEN_OVER = ['num_heads', 'kv_num_heads', 'scale', 'softcap', 'local_window_size'];

/** Whether it wants no more than Attention has: of anything else, an attribute that is there is off. */
function canAttend({ input, output, attribute }: Node): boolean {
  const others = attribute.filter(({ name }) => !TAKEN_OVER.includes(name));
  const isOff = others.every(({ i }) => i !== undefined && i <= 0n);
  return isOff && input.length === 7 && output.length <= 3;
}

/** @returns how far back its tokens look, 0 for all */
function attend(node: Node): number {
  const window = Math.max(0, Number(attributeOf(node, 'local_window_size')?.i ?? 0n));
  const [query = '', key = '', value = '', pastKey = '', pastValue = ''] = node.input;
  node.opType = 'Attention';
  node.domain = '';
  node.input = [query, key, value, attendedInput(window), pastKey, pastValue];
  node.attribute = [
    integer('q_num_heads', Number(numberOf(node, 'num_heads'))),
    integer('kv_num_heads', Number(numberOf(node, 'kv_num_heads'))),
    // 0 means the usual one to GroupQueryAttention, and nothing good to Attention.
    ...node.attribute.filter(({ name, f }) => (name === 'scale' || name === 'softcap') && f),
  ];
  return window;
}

function putBefore(graph: Graph, node: Node, others: readonly Node[]): void {
  graph.node.splice(graph.node.indexOf(node), 0, ...others);
}
