import { create } from '@bufbuild/protobuf';
import { HeadwayError } from '../../core/errors';
import { float, integer, integers, MICROSOFT } from './graph-builder';
import { attributeOf, GraphIndex, integerOf, integersOf, type Size, sizesOf } from './graph-index';
import { int64s, nodeOf } from './graph-parts';
import { halves } from './half';
import { DataType, type Graph, type Model, type Node, OperatorSetSchema, TensorSchema } from './onnx_pb';
import { findPlainAttention, type Mask, type PlainLayer, type Turned } from './plain-attention';
import { type Evaluate, type HeadSizes, type ProbeAnswer, probe, tokenwise } from './probe';
import { SEQLENS, TOTAL } from './serving-graph';

export interface PlainShape extends HeadSizes {
  readonly layers: number;
  /** Tokens of a sequence that are served. */
  readonly context: number;
}

/**
 * Puts GroupQueryAttention in the place of attention that is written in plain operators, so that each row of a batch has a
 * length of its own: `seqlens_k` and `total_sequence_length` become inputs, rotary positions go inside where the graph turns
 * queries and keys as usual, and what a mask allows becomes a window. Shapes that were computed become constant, since a GPU
 * leaves their nodes to the CPU. What is recognised is then checked by the numbers (`runtime/check-rewrite`).
 *
 * @param model as `parseModel` read it, with its weights; it is changed
 * @throws HeadwayError `model-unsupported`, with the layer and what was found there
 */
export async function fuseAttention(
  model: Model,
  shape: PlainShape,
  file: string,
  evaluate: Evaluate,
): Promise<void> {
  const graph = model.graph as Graph;
  const index = new GraphIndex(graph);
  const layers = findPlainAttention(index, shape.layers, shape.headDim, file);
  const windows = await windowsOf(model, index, layers, shape, file, evaluate);
  const tables = await tablesOf(model, index, layers, shape, evaluate);
  addTables(graph, tables);
  layers.forEach((layer, i) => {
    fuse(graph, index, layer, { shape, window: windows[i] as number, tables });
  });
  importMicrosoft(model);
  simplifyShapes(graph);
}

/** What a mask was seen to allow a row of new tokens. */
interface SeenMask {
  readonly past: number;
  readonly width: number;
  readonly answers: Readonly<Record<string, ProbeAnswer>>;
}

/** How far back each layer's mask lets a token look; 0 where as far as there is. */
async function windowsOf(
  model: Model,
  index: GraphIndex,
  layers: readonly PlainLayer[],
  sizes: PlainShape,
  file: string,
  evaluate: Evaluate,
): Promise<readonly number[]> {
  const names = [...new Set(layers.flatMap(({ masks }) => masks.map(({ name }) => name)))];
  const { context } = sizes;
  const seen = async (past: number, width: number): Promise<SeenMask> => {
    const answers = await probe(model, index, names, { past, width, sizes }, evaluate);
    return { past, width, answers };
  };
  // The end of the longest sequence, where the smallest window shows, and the beginning of a prompt.
  const end = await seen(Math.max(0, context - 4), Math.min(4, context));
  const begin = await seen(0, Math.min(16, context));
  return layers.map(({ masks }, layer) => {
    const problem = (found: string) =>
      new HeadwayError(
        'model-unsupported',
        `${file}: the mask of layer ${layer} ${found}. Served are masks that let a token look at itself and those before it, all or the last so many.`,
      );
    if (masks.length === 0) throw problem('is missing');
    const last = allowed(masks, end, end.width - 1, problem);
    const window = last.filter((may) => may).length;
    for (const mask of [end, begin]) checkWindow(masks, mask, window, problem);
    return window < context ? window : 0;
  });
}

function checkWindow(
  masks: readonly Mask[],
  seen: SeenMask,
  window: number,
  problem: (found: string) => HeadwayError,
): void {
  for (let row = 0; row < seen.width; row++) {
    const place = seen.past + row;
    const may = allowed(masks, seen, row, problem);
    const wrong = may.findIndex((looks, other) => looks !== (other <= place && other > place - window));
    if (wrong >= 0) throw problem(`${may[wrong] ? 'lets' : 'keeps'} token ${place} look at token ${wrong}`);
  }
}

/** Which of all tokens a new one may look at. */
function allowed(
  masks: readonly Mask[],
  { past, width, answers }: SeenMask,
  row: number,
  problem: (found: string) => HeadwayError,
): readonly boolean[] {
  const total = past + width;
  return Array.from({ length: total }, (_, place) =>
    masks.every(({ name, kind }) => {
      const value = maskValue(answers[name] as ProbeAnswer, row, place, { width, total }, problem);
      if (kind !== 'added') return (value !== 0) === (kind === 'kept');
      if (value !== 0 && value > -1000) throw problem(`adds ${value} to a score`);
      return value === 0;
    }),
  );
}

/** A mask [B or 1, heads or 1, S or 1, total or 1] at one place. */
function maskValue(
  { dims, values }: ProbeAnswer,
  row: number,
  place: number,
  { width, total }: { readonly width: number; readonly total: number },
  problem: (found: string) => HeadwayError,
): number {
  const [rows, places] = [dims.at(-2) ?? 1, dims.at(-1) ?? 1];
  if ((rows !== 1 && rows !== width) || (places !== 1 && places !== total)) {
    throw problem(`has the shape ${dims.join(' × ')} for ${width} tokens of ${total}`);
  }
  const at = (rows === 1 ? 0 : row) * places + (places === 1 ? 0 : place);
  for (let head = at; head < values.length; head += rows * places) {
    if (values[head] !== values[at]) throw problem('differs from head to head');
  }
  return values[at] as number;
}

interface Table {
  readonly cos: string;
  readonly sin: string;
  /** [context, half of what is turned of a head], each. */
  readonly values: readonly [Float32Array, Float32Array];
  readonly half: number;
}

/** Tables of the rotations, by the names of cosines and sines; one that is no table of positions is left out. */
async function tablesOf(
  model: Model,
  index: GraphIndex,
  layers: readonly PlainLayer[],
  sizes: PlainShape,
  evaluate: Evaluate,
): Promise<ReadonlyMap<string, Table>> {
  const turns = layers.flatMap(({ query, key }) => [query.turn, key.turn]).filter((turn) => turn !== null);
  const pairs = new Map(
    turns.map(({ cos, sin }) => [
      keyOf(index, { cos, sin }),
      { cos: base(index, cos), sin: base(index, sin) },
    ]),
  );
  const names = [...new Set([...pairs.values()].flatMap(({ cos, sin }) => [cos, sin]))];
  if (names.length === 0) return new Map();
  const answers = await probe(model, index, names, { past: 0, width: sizes.context, sizes }, evaluate);
  const tables = new Map<string, Table>();
  let number = 0;
  for (const [key, { cos, sin }] of pairs) {
    const [cosines, sines] = [halfTable(answers[cos], sizes.context), halfTable(answers[sin], sizes.context)];
    if (!cosines || !sines || cosines.half !== sines.half) continue;
    const suffix = number++ === 0 ? '' : `_${number}`;
    tables.set(key, {
      cos: `rotary_cos${suffix}`,
      sin: `rotary_sin${suffix}`,
      values: [cosines.values, sines.values],
      half: cosines.half,
    });
  }
  return tables;
}

/** Layers give the same table an axis of their own each. */
function base(index: GraphIndex, name: string): string {
  const node = index.maker(name);
  return node && ['Unsqueeze', 'Cast', 'Identity'].includes(node.opType)
    ? base(index, node.input[0] as string)
    : name;
}

const keyOf = (index: GraphIndex, { cos, sin }: { readonly cos: string; readonly sin: string }) =>
  `${base(index, cos)} ${base(index, sin)}`;

/** Both halves of a head turn by the same angles; null where they do not. */
function halfTable(answer: ProbeAnswer | undefined, context: number) {
  if (!answer) return null;
  const size = answer.dims.at(-1) ?? 0;
  const half = size / 2;
  if (answer.dims.at(-2) !== context || answer.values.length !== context * size || !Number.isInteger(half))
    return null;
  const values = new Float32Array(context * half);
  for (let place = 0; place < context; place++) {
    for (let i = 0; i < half; i++) {
      const value = answer.values[place * size + i] as number;
      if (value !== answer.values[place * size + half + i]) return null;
      values[place * half + i] = value;
    }
  }
  return { values, half };
}

function addTables(graph: Graph, tables: ReadonlyMap<string, Table>): void {
  const type = cacheTypeOf(graph);
  for (const { cos, sin, values, half } of tables.values()) {
    for (const [name, table] of [
      [cos, values[0]],
      [sin, values[1]],
    ] as const) {
      const numbers = type === DataType.FLOAT16 ? halves(table) : table;
      const rawData = new Uint8Array(numbers.buffer);
      const dims = [BigInt(table.length / half), BigInt(half)];
      graph.initializer.push(create(TensorSchema, { name, dataType: type, dims, rawData }));
    }
  }
}

const cacheTypeOf = (graph: Graph) =>
  graph.input.find(({ name }) => name === 'past_key_values.0.key')?.type?.tensorType?.elemType ??
  DataType.FLOAT;

interface Fusion {
  readonly shape: PlainShape;
  readonly window: number;
  readonly tables: ReadonlyMap<string, Table>;
}

function fuse(graph: Graph, index: GraphIndex, layer: PlainLayer, { shape, window, tables }: Fusion): void {
  const { query, key, output, presentKey, presentValue } = layer;
  const tableOf = ({ turn }: Turned) => (turn ? tables.get(keyOf(index, turn)) : undefined);
  const table = tableOf(query);
  // Inside the node, queries and keys are turned by the same table.
  const inside = table === tableOf(key) ? table : undefined;
  const nodes: Node[] = [];
  const inputs = [
    sideBySide(graph, index, inside ? query.source : query.whole, nodes),
    sideBySide(graph, index, inside ? key.source : key.whole, nodes),
    sideBySide(graph, index, layer.value, nodes),
    layer.pastKey,
    layer.pastValue,
    SEQLENS,
    TOTAL,
    ...(inside ? [inside.cos, inside.sin] : []),
  ];
  const attributes = [
    integer('num_heads', shape.heads),
    integer('kv_num_heads', shape.kvHeads),
    float('scale', layer.scale),
    ...(layer.softcap ? [float('softcap', layer.softcap)] : []),
    ...(window ? [integer('local_window_size', window)] : []),
    ...(inside ? [integer('do_rotary', 1)] : []),
  ];
  const outputs = [output, presentKey, presentValue];
  const at = graph.node.findIndex((node) => node.output.includes(output));
  const replaced = graph.node.map((node) =>
    node.output.some((name) => outputs.includes(name)) ? [] : [node],
  );
  nodes.push(nodeOf('GroupQueryAttention', inputs, outputs, attributes, MICROSOFT));
  replaced[at] = nodes;
  graph.node = replaced.flat();
}

const HEADS_APART = '0,2,1,3';

/** [B, heads, S, headDim] as [B, S, heads × headDim]: as it was before heads were put apart, where that can be seen. */
function sideBySide(graph: Graph, index: GraphIndex, value: string, nodes: Node[]): string {
  const apart = index.maker(value);
  const isTransposed = apart?.opType === 'Transpose' && integersOf(apart, 'perm').join() === HEADS_APART;
  const rows = isTransposed ? (apart.input[0] as string) : `${value}:by_token`;
  if (!isTransposed) nodes.push(nodeOf('Transpose', [value], rows, [integers('perm', [0, 2, 1, 3])]));
  const reshape = isTransposed ? index.maker(rows) : undefined;
  if (reshape?.opType === 'Reshape' && sizesOf(index, reshape.input[1])?.length === 4) {
    return reshape.input[0] as string;
  }
  const [name, shape] = [`${value}:side_by_side`, 'heads_side_by_side'];
  if (graph.initializer.every((tensor) => tensor.name !== shape)) {
    graph.initializer.push(int64s(shape, [0n, 0n, -1n]));
  }
  nodes.push(nodeOf('Reshape', [rows, shape], name));
  return name;
}

function importMicrosoft(model: Model): void {
  if (model.opsetImport.every(({ domain }) => domain !== MICROSOFT)) {
    model.opsetImport.push(create(OperatorSetSchema, { domain: MICROSOFT, version: 1n }));
  }
}

/** Shapes that were computed from shapes become constants, and products in two dimensions become products in three. */
function simplifyShapes(graph: Graph): void {
  productsByToken(graph);
  const index = new GraphIndex(graph);
  const tokens = tokenwise(index);
  graph.node.forEach((node, i) => {
    const [value = '', target = ''] = node.input;
    if (node.opType !== 'Reshape' || index.constant(target)) return;
    const sizes = constantShape(sizesOf(index, target), tokens, tokens.has(value));
    if (!sizes) return;
    const name = `${node.output[0]}:shape`;
    graph.initializer.push(int64s(name, sizes.map(BigInt)));
    graph.node[i] = nodeOf('Reshape', [value, name], node.output);
  });
}

/** The same target without rows and tokens, which a Reshape can take over (0) or work out (−1); null where it cannot. */
function constantShape(
  sizes: readonly Size[] | null,
  tokens: ReadonlySet<string>,
  sourceHasThem: boolean,
): readonly number[] | null {
  if (!sizes) return null;
  const fixed = sizes.map((size, axis) => {
    if (typeof size === 'number') return size;
    const isSame = size !== null && axis < 2 && size.axis === axis && tokens.has(size.of) && sourceHasThem;
    return isSame ? 0 : null;
  });
  const open = fixed.filter((size) => size === null).length;
  if (open === 0) return fixed as number[];
  return open === 1 && !fixed.includes(-1) ? fixed.map((size) => size ?? -1) : null;
}

/** Reshape, Gemm, Reshape over a value by token becomes MatMul and Add, which work place by place. */
function productsByToken(graph: Graph): void {
  const index = new GraphIndex(graph);
  const tokens = tokenwise(index);
  const replaced = new Map<Node, readonly Node[]>();
  for (const gemm of graph.node) {
    if (gemm.opType !== 'Gemm' || integerOf(gemm, 'transA') || integerOf(gemm, 'transB')) continue;
    if ((attributeOf(gemm, 'alpha')?.f ?? 1) !== 1 || (attributeOf(gemm, 'beta')?.f ?? 1) !== 1) continue;
    const [flat = '', weight = '', bias] = gemm.input;
    const before = index.maker(flat);
    const [after, ...more] = index.readers(gemm.output[0] as string);
    const source = before?.opType === 'Reshape' ? (before.input[0] as string) : '';
    const output = after?.output[0] ?? '';
    if (!tokens.has(source) || after?.opType !== 'Reshape' || more.length > 0 || !tokens.has(output))
      continue;
    const product = bias ? `${output}:product` : output;
    replaced.set(gemm, []);
    replaced.set(after, [
      nodeOf('MatMul', [source, weight], product),
      ...(bias ? [nodeOf('Add', [product, bias], output)] : []),
    ]);
  }
  graph.node = graph.node.flatMap((node) => replaced.get(node) ?? [node]);
}
