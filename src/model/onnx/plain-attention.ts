import { HeadwayError } from '../../core/errors';
import { cacheNames } from '../decoder-config';
import { type GraphIndex, integersOf, sizesOf } from './graph-index';
import type { Node } from './onnx_pb';

/** Attention of one layer as exporters without a fused operator write it, found by its anchors. */
export interface PlainLayer {
  readonly pastKey: string;
  readonly pastValue: string;
  readonly presentKey: string;
  readonly presentValue: string;
  /** What goes into the first product and into the cache, [B, heads, S, headDim]. */
  readonly query: Turned;
  readonly key: Turned;
  readonly value: string;
  /** What scores are multiplied by. */
  readonly scale: number;
  /** Scores are held below this by a hyperbolic tangent; 0 where they are not. */
  readonly softcap: number;
  readonly masks: readonly Mask[];
  /** What attention answers, [B, S, heads × headDim]. */
  readonly output: string;
}

/** Queries or keys, with the rotation that gives each its place. */
export interface Turned {
  /** As attention gets it, [B, heads, S, headDim]. */
  readonly whole: string;
  /** Before it is turned. */
  readonly source: string;
  /** Null where nothing turns it, or nothing that is known as a rotation. */
  readonly turn: { readonly cos: string; readonly sin: string } | null;
}

/** What keeps a token from looking at another one: a number that is added to its score, or a condition. */
export interface Mask {
  readonly name: string;
  /** `added`: 0 where it may look. `kept`, `dropped`: true where it may, or may not. */
  readonly kind: 'added' | 'kept' | 'dropped';
}

/**
 * Finds the attention of each layer from the ends that every exporter names: `present.N.key` is the past and the new keys
 * one behind the other; from there to the two products around the Softmax, through scale, mask, repeated heads and casts.
 * @param file for messages
 * @throws HeadwayError `model-unsupported`, with the layer and what was found there
 */
export function findPlainAttention(
  index: GraphIndex,
  layers: number,
  headDim: number,
  file: string,
): readonly PlainLayer[] {
  const names = cacheNames(layers);
  const caches = Array.from({ length: layers }, (_, layer) => {
    const [key, value] = names.slice(2 * layer, 2 * layer + 2).map((part) => appended(index, part, file));
    return { key: key as Appended, value: value as Appended };
  });
  const products = index.graph.node.filter(({ opType }) => opType === 'MatMul');
  const over = (cache: string) =>
    products.filter(({ input }) => repeated(index, input[1] as string, headDim) === cache);
  return caches.map(({ key, value }, layer) => {
    const fail = (found: string) => unknownForm(file, layer, found);
    const [mixed, ...more] = over(value.output);
    if (!mixed || more.length > 0) throw fail(`${more.length + (mixed ? 1 : 0)} products with its values`);
    const scores = scoresOf(index, mixed, key.output, headDim, fail);
    return {
      pastKey: key.past,
      pastValue: value.past,
      presentKey: key.present,
      presentValue: value.present,
      query: turnedOf(index, scores.query),
      key: turnedOf(index, key.added),
      value: value.added,
      scale: scores.scale,
      softcap: scores.softcap,
      masks: scores.masks,
      output: answerOf(index, mixed, fail),
    };
  });
}

const unknownForm = (file: string, layer: number, found: string) =>
  new HeadwayError(
    'model-unsupported',
    `${file}: the attention of layer ${layer} has a form that Headway does not know (${found}). Served are GroupQueryAttention ` +
      'and the plain form of optimum: softmax(query × key × scale + mask) × value over the cached keys and values.',
  );

interface Appended {
  readonly past: string;
  readonly present: string;
  readonly added: string;
  /** The value that both become, by which the graph goes on. */
  readonly output: string;
}

/** The Concat of past and new ones. */
function appended(
  index: GraphIndex,
  { past, present }: { readonly past: string; readonly present: string },
  file: string,
): Appended {
  const output = passed(index, present);
  const concat = index.maker(output);
  const [first, added, ...more] = concat?.opType === 'Concat' ? concat.input : [];
  if (first && passed(index, first) === past && added && more.length === 0) {
    return { past, present, added, output };
  }
  const found = concat ? `made by ${concat.opType}` : 'computed by no node';
  throw new HeadwayError(
    'model-unsupported',
    `${file}: ${present} is ${found}, not ${past} with the new tokens behind it. Served are GroupQueryAttention and the plain form of optimum.`,
  );
}

/** Back through what changes no number. */
function passed(index: GraphIndex, name: string): string {
  const node = index.maker(name);
  return node && (node.opType === 'Identity' || node.opType === 'Cast' || node.opType === 'Dropout')
    ? passed(index, node.input[0] as string)
    : name;
}

const REPEATING = new Set(['Cast', 'Expand', 'Identity', 'Reshape', 'Transpose', 'Unsqueeze']);

/** Back through the repeating of heads, a transposition and a scale. */
function repeated(index: GraphIndex, name: string, headDim: number): string {
  const node = index.maker(name);
  if (!node) return name;
  if (REPEATING.has(node.opType)) return repeated(index, node.input[0] as string, headDim);
  const scaled = scaledBy(index, node, headDim);
  return scaled ? repeated(index, scaled.value, headDim) : name;
}

/** Of a product or quotient with a number: the other side, and what it is multiplied by. */
function scaledBy(index: GraphIndex, { opType, input }: Node, headDim: number) {
  if (opType !== 'Mul' && opType !== 'Div') return null;
  const [left = '', right = ''] = input;
  const by = scalarOf(index, right, headDim);
  if (by !== null) return { value: left, factor: opType === 'Mul' ? by : 1 / by };
  const other = opType === 'Mul' ? scalarOf(index, left, headDim) : null;
  return other === null ? null : { value: right, factor: other };
}

function scalarOf(index: GraphIndex, name: string, headDim: number): number | null {
  const tensor = index.constant(name);
  if (tensor && tensor.dims.reduce((size, dim) => size * dim, 1n) !== 1n) return null;
  const sizes = sizesOf(index, name, headDim);
  return sizes?.length === 1 && typeof sizes[0] === 'number' ? sizes[0] : null;
}

/** What was met on the way from the second product back to the first one. */
interface Scores {
  query: string;
  scale: number;
  softcap: number;
  masks: Mask[];
}

/** One node on that way: what it does to scores is noted, and the value behind it is next; null where nothing is known of it. */
type ScoreStep = (walk: ScoreWalk, node: Node) => string | null;

interface ScoreWalk extends Scores {
  readonly index: GraphIndex;
  readonly headDim: number;
  /** Whether a value is computed from this layer's keys. */
  readonly isScore: (name: string) => boolean;
  softmax: boolean;
}

const behind: ScoreStep = (_, { input }) => input[0] as string;

const SCORE_STEPS: Readonly<Record<string, ScoreStep>> = {
  Cast: behind,
  Identity: behind,
  Dropout: behind,
  Softmax: (walk, node) => {
    walk.softmax = true;
    return behind(walk, node);
  },
  Where: (walk, { input: [condition = '', yes = '', no = ''] }) => {
    const kept = walk.isScore(yes);
    // Behind the Softmax: of a row that may look at nothing, which no row of ours is.
    if (!walk.softmax) return kept && walk.index.constant(no) ? yes : no;
    walk.masks.push({ name: condition, kind: kept ? 'kept' : 'dropped' });
    return kept ? yes : no;
  },
  Add: (walk, { input: [first = '', second = ''] }) => {
    const [score, mask] = walk.isScore(first) ? [first, second] : [second, first];
    walk.masks.push({ name: unsliced(walk.index, mask), kind: 'added' });
    return score;
  },
  Tanh: (walk, { input: [inner = ''] }) => {
    // What was multiplied behind it is the cap, what is divided before it the same.
    const before = walk.index.maker(inner);
    const scaled = before && scaledBy(walk.index, before, walk.headDim);
    if (!scaled || Math.abs(scaled.factor * walk.scale - 1) > 1e-4) return null;
    walk.softcap = walk.scale;
    walk.scale = 1;
    return scaled.value;
  },
};

function scoresOf(
  index: GraphIndex,
  mixed: Node,
  keys: string,
  headDim: number,
  fail: (found: string) => HeadwayError,
): Scores {
  const isScore = (name: string) => dependsOn(index, name, keys);
  const walk: ScoreWalk = {
    ...{ index, headDim, isScore, softmax: false },
    ...{ query: '', scale: 1, softcap: 0, masks: [] },
  };
  for (let name = mixed.input[0] as string; ; ) {
    const node = index.maker(name);
    if (!node) throw fail(`${name} where scores were looked for`);
    if (node.opType === 'MatMul') {
      const [left = '', right = ''] = node.input;
      if (!walk.softmax) throw fail('no Softmax between its products');
      if (repeated(index, right, headDim) !== keys) throw fail('a first product that is not with its keys');
      const query = unscaled(index, left, headDim);
      const scale = walk.scale * query.factor * unscaledKeys(index, right, headDim);
      return { query: query.name, scale, softcap: walk.softcap, masks: walk.masks };
    }
    const scaled = scaledBy(index, node, headDim);
    if (scaled) walk.scale *= scaled.factor;
    const next = scaled ? scaled.value : (SCORE_STEPS[node.opType]?.(walk, node) ?? null);
    if (next === null) throw fail(`${node.opType} between its products`);
    name = next;
  }
}

/** A mask that is cut to as many keys as there are is as wide in any case. */
function unsliced(index: GraphIndex, name: string): string {
  const node = index.maker(name);
  return node?.opType === 'Slice' || node?.opType === 'Cast'
    ? unsliced(index, node.input[0] as string)
    : name;
}

function unscaled(index: GraphIndex, name: string, headDim: number): { name: string; factor: number } {
  const node = index.maker(name);
  if (node?.opType === 'Cast' || node?.opType === 'Identity')
    return unscaled(index, node.input[0] as string, headDim);
  const scaled = node && scaledBy(index, node, headDim);
  if (!scaled) return { name, factor: 1 };
  const inner = unscaled(index, scaled.value, headDim);
  return { name: inner.name, factor: inner.factor * scaled.factor };
}

function unscaledKeys(index: GraphIndex, name: string, headDim: number): number {
  const node = index.maker(name);
  if (!node) return 1;
  if (REPEATING.has(node.opType)) return unscaledKeys(index, node.input[0] as string, headDim);
  const scaled = scaledBy(index, node, headDim);
  return scaled ? scaled.factor * unscaledKeys(index, scaled.value, headDim) : 1;
}

/** Whether it is computed from the keys within this layer; what is further back than the keys is not looked at. */
function dependsOn(index: GraphIndex, name: string, keys: string, depth = 0): boolean {
  if (name === keys) return true;
  const node = index.maker(name);
  if (!node || node.opType === 'Shape' || depth > 24) return false;
  return node.input.some((input) => dependsOn(index, input, keys, depth + 1));
}

/** Heads are put side by side again: [B, heads, S, headDim] to [B, S, heads × headDim]. */
function answerOf(index: GraphIndex, mixed: Node, fail: (found: string) => HeadwayError): string {
  let name = mixed.output[0] as string;
  for (let transposed = false; ; ) {
    const [next, ...more] = index.readers(name).filter(({ opType }) => opType !== 'Shape');
    if (!next || more.length > 0) throw fail('an answer with several readers');
    const [output = ''] = next.output;
    if (next.opType === 'Reshape' && transposed) return output;
    if (next.opType === 'Transpose' && integersOf(next, 'perm').join() === '0,2,1,3') transposed = true;
    else if (next.opType !== 'Cast' && next.opType !== 'Identity') throw fail(`${next.opType} behind it`);
    name = output;
  }
}

/** x · cos + (−x₂, x₁) · sin, where x₁ and x₂ are the halves of each head, is a rotation; anything else is left as it is. */
function turnedOf(index: GraphIndex, name: string): Turned {
  const sum = index.maker(passed(index, name));
  const none = { whole: name, source: name, turn: null };
  if (sum?.opType === 'Concat') return partlyTurned(index, name, sum) ?? none;
  if (sum?.opType !== 'Add') return none;
  const [left, right] = sum.input.map((input) => index.maker(passed(index, input)));
  if (left?.opType !== 'Mul' || right?.opType !== 'Mul') return none;
  const found = rotation(index, left, right) ?? rotation(index, right, left);
  return found ? { whole: name, ...found } : none;
}

function rotation(index: GraphIndex, straight: Node, crossed: Node): Omit<Turned, 'whole'> | null {
  for (const [half, sin] of bothWays(crossed)) {
    const source = halvesSwapped(index, passed(index, half));
    if (source === null) continue;
    for (const [whole, cos] of bothWays(straight)) {
      if (passed(index, whole) === source) return { source, turn: { cos, sin } };
    }
  }
  return null;
}

const bothWays = ({ input: [first = '', second = ''] }: Node) =>
  [
    [first, second],
    [second, first],
  ] as const;

/** The value of which this is (−x₂, x₁); null for anything else. */
function halvesSwapped(index: GraphIndex, name: string): string | null {
  const concat = index.maker(name);
  const [negated, first] = concat?.opType === 'Concat' ? concat.input.map((input) => index.maker(input)) : [];
  if (negated?.opType !== 'Neg' || !first) return null;
  const second = index.maker(negated.input[0]);
  if (!second || first.opType !== second.opType || (first.opType !== 'Slice' && first.opType !== 'Split'))
    return null;
  const [source, other] = [passed(index, first.input[0] as string), passed(index, second.input[0] as string)];
  const inOrder =
    first.opType === 'Slice'
      ? index.numbers(first.input[1])?.[0] === 0
      : first === second && first.output[0] === concat?.input[1] && first.output[1] === negated.input[0];
  return source === other && inOrder ? source : null;
}

/** Only the first part of each head is turned, the rest goes on as it is. */
function partlyTurned(index: GraphIndex, whole: string, { input }: Node): Turned | null {
  const [part, rest] = input.map((name) => passed(index, name));
  if (!part || !rest || input.length !== 2) return null;
  const inner = turnedOf(index, part);
  const [cut, kept] = [index.maker(inner.source), index.maker(rest)];
  const isCut = cut?.opType === 'Slice' && kept?.opType === 'Slice' && cut.input[0] === kept.input[0];
  return inner.turn && isCut ? { whole, source: cut.input[0] as string, turn: inner.turn } : null;
}
