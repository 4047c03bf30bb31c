import { fromHalf } from './half';
import { DataType, type Graph, type Node, type Tensor } from './onnx_pb';

/** Which node makes each value of a graph, and which nodes read it. Built once; nodes that are added later are not in it. */
export class GraphIndex {
  readonly graph: Graph;
  readonly #makers = new Map<string, Node>();
  readonly #readers = new Map<string, Node[]>();
  readonly #constants = new Map<string, Tensor>();

  constructor(graph: Graph) {
    this.graph = graph;
    for (const tensor of graph.initializer) this.#constants.set(tensor.name, tensor);
    for (const node of graph.node) {
      for (const name of node.output) this.#makers.set(name, node);
      for (const name of new Set(node.input)) {
        const readers = this.#readers.get(name);
        if (readers) readers.push(node);
        else this.#readers.set(name, [node]);
      }
      const value = node.opType === 'Constant' && attributeOf(node, 'value')?.t;
      if (value) this.#constants.set(node.output[0] as string, value);
    }
  }

  /** Undefined for the graph's inputs and constants. */
  maker(name: string | undefined): Node | undefined {
    return this.#makers.get(name ?? '');
  }

  readers(name: string): readonly Node[] {
    return this.#readers.get(name) ?? [];
  }

  /** A constant of the graph, in a node or beside the nodes. */
  constant(name: string | undefined): Tensor | undefined {
    return this.#constants.get(name ?? '');
  }

  /** The numbers of a constant; null for any other value, and where they lie in another file. */
  numbers(name: string | undefined): readonly number[] | null {
    const tensor = this.constant(name);
    return tensor ? numbersOf(tensor) : null;
  }

  /** Nodes that `names` are computed from, in the graph's order. */
  ancestors(names: Iterable<string>): readonly Node[] {
    const found = new Set<Node>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const node = this.#makers.get(name);
      if (!node || found.has(node)) continue;
      found.add(node);
      open.push(...node.input);
    }
    return this.graph.node.filter((node) => found.has(node));
  }
}

export const attributeOf = ({ attribute }: Node, name: string) =>
  attribute.find((candidate) => candidate.name === name);

/** An attribute that is a whole number, or `otherwise` where the node does not give it. */
export const integerOf = (node: Node, name: string, otherwise = 0): number =>
  Number(attributeOf(node, name)?.i ?? otherwise);

export const integersOf = (node: Node, name: string): readonly number[] =>
  attributeOf(node, name)?.ints.map(Number) ?? [];

/** The numbers of a tensor; null for one of a type that no shape and no scale has, or whose numbers lie in another file. */
function numbersOf(tensor: Tensor): readonly number[] | null {
  const { dataType, rawData, floatData, int32Data, int64Data, externalData } = tensor;
  if (externalData.length > 0) return null;
  if (rawData.byteLength === 0) return [...floatData, ...int32Data, ...int64Data.map(Number)];
  const bytes = new Uint8Array(rawData).buffer;
  switch (dataType) {
    case DataType.FLOAT:
      return [...new Float32Array(bytes)];
    case DataType.DOUBLE:
      return [...new Float64Array(bytes)];
    case DataType.INT64:
      return [...new BigInt64Array(bytes)].map(Number);
    case DataType.INT32:
      return [...new Int32Array(bytes)];
    case DataType.BOOL:
    case DataType.UINT8:
      return [...new Uint8Array(bytes)];
    case DataType.FLOAT16:
      return [...new Uint16Array(bytes)].map(fromHalf);
    default:
      return null;
  }
}

/** A size that is known, or the one that a value has along an axis; null for one that is computed otherwise. */
export type Size = number | { readonly of: string; readonly axis: number } | null;

/**
 * What a value holds that is computed from constants and shapes alone, such as the target of a Reshape.
 * @param headDim the size that the last axis of a value with four has, where that may be taken for granted
 * @returns null where other data is in it
 */
export function sizesOf(
  index: GraphIndex,
  name: string | undefined,
  headDim: number | null = null,
  depth = 0,
): readonly Size[] | null {
  const known = index.numbers(name);
  if (known) return known;
  const node = index.maker(name);
  if (!node || depth > 40) return null;
  const input = (place: number) => sizesOf(index, node.input[place], headDim, depth + 1);
  switch (node.opType) {
    case 'Cast':
    case 'Identity':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return input(0);
    case 'Concat': {
      const parts = node.input.map((_, place) => input(place));
      return parts.every((part) => part !== null) ? parts.flat() : null;
    }
    case 'Gather':
    case 'Slice': {
      const [first, second] = [input(1), input(2)];
      const places =
        node.opType === 'Gather' ? first : between(first?.[0] ?? null, second?.[0] ?? null, index, node);
      return places && pick(index, node, places, headDim, depth);
    }
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Pow':
      return computed(node.opType, input(0), input(1));
    case 'Sqrt':
      return input(0)?.map((size) => (typeof size === 'number' ? Math.sqrt(size) : null)) ?? null;
    default:
      return null;
  }
}

function between(start: Size, end: Size, index: GraphIndex, { input }: Node): readonly number[] | null {
  if (typeof start !== 'number' || typeof end !== 'number' || (index.numbers(input[4])?.[0] ?? 1) !== 1)
    return null;
  // Of a shape nothing is known but its ends, so only a bounded part from either of them can be named.
  const last = start < 0 && end > 0 ? 0 : end;
  const count = last - start;
  return count > 0 && count < 8 ? Array.from({ length: count }, (_, i) => start + i) : null;
}

/** Some places of a vector, or of the shape of a value. */
function pick(
  index: GraphIndex,
  { input }: Node,
  places: readonly Size[],
  headDim: number | null,
  depth: number,
): readonly Size[] | null {
  const source = index.maker(input[0]);
  if (source?.opType === 'Shape') {
    const from = integerOf(source, 'start');
    return places.map((place) => {
      if (typeof place !== 'number') return null;
      const axis = place + from;
      return headDim !== null && (axis === -1 || axis === 3)
        ? headDim
        : { of: source.input[0] as string, axis };
    });
  }
  const list = sizesOf(index, input[0], headDim, depth + 1);
  return list && places.map((place) => (typeof place === 'number' ? (list.at(place) ?? null) : null));
}

function computed(
  opType: string,
  left: readonly Size[] | null,
  right: readonly Size[] | null,
): readonly Size[] | null {
  if (!left || !right) return null;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const [a, b] = [left[left.length === 1 ? 0 : i], right[right.length === 1 ? 0 : i]];
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    const results: Readonly<Record<string, number>> = {
      Add: a + b,
      Sub: a - b,
      Mul: a * b,
      Div: a / b,
      Pow: a ** b,
    };
    return results[opType] ?? null;
  });
}
