import { create, toBinary } from '@bufbuild/protobuf';
import { integer } from './graph-builder';
import { type GraphIndex, integersOf, type Size, sizesOf } from './graph-index';
import { int64s, nodeOf } from './graph-parts';
import { DataType, GraphSchema, type Model, ModelSchema, type Node } from './onnx_pb';

/** What a run is fed, by name. Without values it is all zeros. */
export interface ProbeInput {
  readonly type: 'int64' | 'float32' | 'float16';
  readonly dims: readonly number[];
  readonly values?: readonly number[];
}

export interface ProbeAnswer {
  readonly dims: readonly number[];
  /** Booleans are 0 and 1. */
  readonly values: ArrayLike<number>;
}

/** Runs a small graph. The runtime has one, since it alone may load onnxruntime. */
export type Evaluate = (
  model: Uint8Array,
  inputs: Readonly<Record<string, ProbeInput>>,
) => Promise<Readonly<Record<string, ProbeAnswer>>>;

/** Sizes that a decoder's values have, beside those of each run. */
export interface HeadSizes {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/**
 * Works out values of a graph that no token's meaning goes into, such as masks and tables of rotary positions, by running
 * the part of it that computes them: whatever an exporter wrote, its own nodes say what it does.
 *
 * @param past tokens before, and `width` new ones: one row
 * @returns null where the part needs more than positions and lengths
 */
export async function probe(
  model: Model,
  index: GraphIndex,
  names: readonly string[],
  { past, width, sizes }: { readonly past: number; readonly width: number; readonly sizes: HeadSizes },
  evaluate: Evaluate,
): Promise<Readonly<Record<string, ProbeAnswer>>> {
  const part = partOf(model, index, names, sizes);
  const inputs = part.graph?.input.map(({ name, type }) => {
    return [name, inputOf(name, type?.tensorType?.elemType, past, width, sizes)] as const;
  });
  return evaluate(toBinary(ModelSchema, part), Object.fromEntries(inputs ?? []));
}

function inputOf(
  name: string,
  elemType: DataType | undefined,
  past: number,
  width: number,
  { kvHeads, headDim }: HeadSizes,
): ProbeInput {
  const count = (length: number, from: number) => Array.from({ length }, (_, i) => from + i);
  if (name === 'input_ids') return { type: 'int64', dims: [1, width] };
  if (name === 'position_ids') return { type: 'int64', dims: [1, width], values: count(width, past) };
  if (name === 'attention_mask') {
    return { type: 'int64', dims: [1, past + width], values: Array(past + width).fill(1) };
  }
  const type = elemType === DataType.FLOAT16 ? 'float16' : 'float32';
  return { type, dims: [1, kvHeads, past, headDim] };
}

/** The nodes that `names` are computed from. Shapes of what layers compute are put together from the inputs' instead. */
function partOf(model: Model, index: GraphIndex, names: readonly string[], sizes: HeadSizes): Model {
  const { graph } = index;
  const leading = tokenwise(index);
  const made: Node[] = [];
  const replaced = new Map<Node, Node>();
  for (const node of graph.node) {
    const [source = ''] = node.input;
    if (node.opType !== 'Shape' || graph.input.some(({ name }) => name === source)) continue;
    const dims = dimsOf(index, source, leading, sizes);
    if (!dims) continue;
    const name = node.output[0] as string;
    const attributes = node.attribute;
    if (attributes.length === 0) replaced.set(node, nodeOf('Concat', dims, name, [integer('axis', 0)]));
  }
  const nodes = graph.node.map((node) => replaced.get(node) ?? node);
  const helpers = ['probe_batch', 'probe_width', 'probe_total'];
  const constants = [
    int64s('probe_zero', [0n]),
    int64s('probe_one', [1n]),
    int64s('probe_two', [2n]),
    int64s('probe_heads', [BigInt(sizes.heads)]),
    int64s('probe_kv_heads', [BigInt(sizes.kvHeads)]),
    int64s('probe_head_dim', [BigInt(sizes.headDim)]),
  ];
  made.push(
    nodeOf('Shape', ['input_ids'], 'probe_ids_shape'),
    nodeOf('Slice', ['probe_ids_shape', 'probe_zero', 'probe_one'], 'probe_batch'),
    nodeOf('Slice', ['probe_ids_shape', 'probe_one', 'probe_two'], 'probe_width'),
    nodeOf('Shape', ['attention_mask'], 'probe_mask_shape'),
    nodeOf('Slice', ['probe_mask_shape', 'probe_one', 'probe_two'], 'probe_total'),
  );
  const makers = new Map(
    [...made, ...nodes].flatMap((node) => node.output.map((name) => [name, node] as const)),
  );
  const needed = new Set<Node>();
  const used = new Set<string>();
  for (const open = [...names, ...helpers]; open.length > 0; ) {
    const name = open.pop() as string;
    used.add(name);
    const node = makers.get(name);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    open.push(...node.input);
  }
  return create(ModelSchema, {
    irVersion: model.irVersion,
    opsetImport: model.opsetImport,
    graph: create(GraphSchema, {
      name: 'probe',
      node: [...made, ...nodes].filter((node) => needed.has(node)),
      initializer: [...graph.initializer, ...constants].filter(({ name }) => used.has(name)),
      input: graph.input.filter(({ name }) => used.has(name) && !index.constant(name)),
      output: names.map((name) => ({ name })),
    }),
  });
}

/** The names of the sizes along each axis, where it is known what a value is. */
function dimsOf(
  index: GraphIndex,
  name: string,
  leading: ReadonlySet<string>,
  sizes: HeadSizes,
): readonly string[] | null {
  if (leading.has(name)) return ['probe_batch', 'probe_width', 'probe_one'];
  const node = index.maker(name);
  if (!node) return null;
  if (['Cast', 'Identity', 'Mul', 'Add', 'Div'].includes(node.opType)) {
    for (const input of node.input) {
      const dims = index.constant(input) ? null : dimsOf(index, input, leading, sizes);
      if (dims) return dims;
    }
    return null;
  }
  if (node.opType === 'Concat' && index.graph.input.some((input) => input.name === node.input[0])) {
    return ['probe_batch', 'probe_kv_heads', 'probe_total', 'probe_head_dim'];
  }
  if (node.opType === 'Transpose' && integersOf(node, 'perm').join() === '0,2,1,3') {
    return ['probe_batch', 'probe_heads', 'probe_width', 'probe_head_dim'];
  }
  // Repeated keys.
  if (['Expand', 'Reshape', 'Unsqueeze'].includes(node.opType)) {
    const dims = dimsOf(index, node.input[0] as string, leading, sizes);
    return dims?.[2] === 'probe_total' && node.opType === 'Reshape'
      ? ['probe_batch', 'probe_heads', 'probe_total', 'probe_head_dim']
      : dims;
  }
  return null;
}

/** Operators that keep the first two axes of their first input, or of either. */
const PLACEWISE = new Set(
  (
    'Add Sub Mul Div Pow Sqrt Reciprocal Neg Cast Identity Sigmoid Tanh Erf Gelu FastGelu QuickGelu Relu Clip Softplus ' +
    'MatMul MatMulNBits MatMulInteger DynamicQuantizeLinear LayerNormalization SimplifiedLayerNormalization ' +
    'SkipLayerNormalization SkipSimplifiedLayerNormalization ReduceMean Split GroupQueryAttention'
  ).split(' '),
);

/** Values whose first two axes are those of `input_ids`: rows and tokens. */
export function tokenwise(index: GraphIndex): ReadonlySet<string> {
  const { graph } = index;
  const found = new Set(['input_ids', 'position_ids']);
  const isFixed = (name: string) => name === '' || index.constant(name) !== undefined;
  for (const node of graph.node) {
    const [first = '', second = ''] = node.input;
    const some = node.input.some((name) => found.has(name));
    const isOne =
      node.opType === 'Gather'
        ? isFixed(first) && found.has(second)
        : node.opType === 'Reshape'
          ? isTokens(sizesOf(index, second), found, found.has(first))
          : node.opType === 'MatMul' || node.opType === 'Split'
            ? found.has(first)
            : node.opType === 'GroupQueryAttention' || (some && PLACEWISE.has(node.opType));
    if (!isOne) continue;
    const outputs = node.opType === 'GroupQueryAttention' ? node.output.slice(0, 1) : node.output;
    for (const name of outputs) found.add(name);
  }
  return found;
}

/** Whether a shape begins with rows and tokens. */
function isTokens(
  sizes: readonly Size[] | null,
  known: ReadonlySet<string>,
  sourceIsKnown: boolean,
): boolean {
  if (!sizes || sizes.length < 3) return false;
  return [0, 1].every((axis) => {
    const size = sizes[axis];
    if (size === 0) return sourceIsKnown;
    return typeof size === 'object' && size !== null && size.axis === axis && known.has(size.of);
  });
}
