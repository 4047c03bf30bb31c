import type { Graph, Node } from './onnx_pb';

/** Operators, beside Add, Mul and MatMul, that compute each place of [B, S, …] from that place alone and constants. */
const BY_PLACE = new Set([
  'Cast',
  'FastGelu',
  'Gelu',
  'LayerNormalization',
  'MatMulNBits',
  'QuickGelu',
  'Sigmoid',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
  'Tanh',
]);

/**
 * Computes `value` [B, S, …] for one place of each row alone, as `as` [B, 1, …], and with it all that only `value` needs:
 * behind the last attention no place looks at another, so of a prompt's last layer little more is left than keys and values.
 * Rows keep their place of one, since of two dimensions a product and a sum would be fused to a Gemm, which WebGPU computes slowly.
 * The gathering goes as far up as each operator on the way works place by place.
 *
 * @param value computed by the graph and needed by no other node
 * @param gather a node that takes the wanted place of each row of a value [B, S, …]
 */
export function onlyLastPlaces(
  graph: Graph,
  value: string,
  as: string,
  gather: (values: string, output: string) => Node,
): void {
  const ofTokens = fromTokens(graph);
  const lone = loneNodes(graph, value, ofTokens);
  const made = new Set([...lone].flatMap(({ output }) => output));
  const names = new Map([[value, as]]);
  const nodes: Node[] = [];
  const atLastPlace = (name: string): string => {
    const known = names.get(name);
    const renamed = known ?? `${name}:at_last_index`;
    names.set(name, renamed);
    if (!known && !made.has(name)) nodes.push(gather(name, renamed));
    return renamed;
  };
  for (const node of graph.node) {
    if (lone.has(node)) {
      node.input = node.input.map((name) => (ofTokens.has(name) ? atLastPlace(name) : name));
      node.output = node.output.map((name) => (name ? atLastPlace(name) : name));
    }
    nodes.push(node);
  }
  if (!made.has(value)) nodes.push(gather(value, as));
  graph.node = nodes;
}

/** Nodes that work place by place and that only `value` and each other need. */
function loneNodes(graph: Graph, value: string, ofTokens: ReadonlySet<string>): Set<Node> {
  const ranks = new Map(graph.initializer.map(({ name, dims }) => [name, dims.length]));
  const answers = new Set(graph.output.map(({ name }) => name));
  const needed = new Map<string, Node[]>();
  for (const node of graph.node) {
    for (const name of node.input) needed.set(name, [...(needed.get(name) ?? []), node]);
  }
  const lone = new Set<Node>();
  for (const node of graph.node.toReversed()) {
    const isLone = node.output.every(
      (name) =>
        name === value ||
        (!answers.has(name) && needed.get(name)?.every((reader) => lone.has(reader)) !== false),
    );
    const leads = node.output.some((name) => name === value || needed.has(name));
    if (isLone && leads && worksByPlace(node, ofTokens, ranks)) lone.add(node);
  }
  return lone;
}

/** Constants keep meaning the same when the places go: a vector is added to each, and a matrix is multiplied from the right. */
function worksByPlace(
  { opType, input }: Node,
  ofTokens: ReadonlySet<string>,
  ranks: ReadonlyMap<string, number>,
): boolean {
  const constants = input.filter((name) => name && !ofTokens.has(name));
  const isOfRank = (least: number, most: number) =>
    constants.every((name) => {
      const rank = ranks.get(name) ?? Number.NaN;
      return rank >= least && rank <= most;
    });
  if (opType === 'MatMul') return constants.length === 1 && constants[0] === input[1] && isOfRank(2, 2);
  if (opType === 'Add' || opType === 'Mul') return isOfRank(0, 1);
  return BY_PLACE.has(opType) && isOfRank(0, Number.POSITIVE_INFINITY);
}

/** What is computed from the tokens, except from their number. */
function fromTokens(graph: Graph): Set<string> {
  const found = new Set(['input_ids']);
  for (const { opType, input, output } of graph.node) {
    if (opType !== 'Shape' && input.some((name) => found.has(name)))
      for (const name of output) found.add(name);
  }
  return found;
}
