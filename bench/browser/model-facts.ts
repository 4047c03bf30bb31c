import { readDecoderConfig } from '../../src/model/decoder-config';
import { serverDirectory } from '../../src/model/directory/server-directory';
import { readModelFile } from '../../src/model/model-file';
import { decoderGraph } from '../../src/model/onnx/decoder-graph';
import { DataType, type Graph } from '../../src/model/onnx/onnx_pb';
import { parseModel, servingGraph } from '../../src/model/onnx/serving-graph';
import { isSynthetic, parseSynthetic } from '../../src/model/synthetic/spec';
import type { Kind, ModelFacts } from '../measures';

const PROJECTIONS = ['MatMul', 'MatMulNBits', 'Gemm'];

/** Of a number in a tensor. */
const BYTES: Readonly<Partial<Record<DataType, number>>> = {
  [DataType.FLOAT]: 4,
  [DataType.FLOAT16]: 2,
  [DataType.UINT8]: 1,
};

export async function modelFacts(url: string, kind: Kind): Promise<Omit<ModelFacts, 'sha256'>> {
  const { file, bytes, layers, kvHeads, headDim } = isSynthetic(url) ? synthetic(url) : await hub(url);
  const rewrite = kind === 'wasm' ? { cacheOutside: { headDim } } : {};
  const { graph } = parseModel(servingGraph(parseModel(bytes, file), file, rewrite), file);
  if (!graph) throw new Error(`${file} holds no graph.`);
  const halfPrecision = graph.input.some(
    ({ name, type }) => name.startsWith('past_key_values') && type?.tensorType?.elemType === DataType.FLOAT16,
  );
  return {
    ...weightsOf(graph),
    cacheBytesPerToken: 2 * layers * kvHeads * headDim * (halfPrecision ? 2 : 4),
    nodes: graph.node.length,
    halfPrecision,
  };
}

async function hub(url: string) {
  const file = `${url}onnx/model.onnx`;
  return { file, bytes: await readModelFile(file), ...(await readDecoderConfig(serverDirectory(url))) };
}

/** Its graph alone: nothing of what is counted needs the numbers. */
function synthetic(spec: string) {
  const { shape, dtype } = parseSynthetic(spec);
  const bytes = decoderGraph(shape, { dtype, tied: true }, (graph, { name, type, dims }) =>
    graph.external(name, type, dims, name),
  );
  return { file: spec, bytes, ...shape };
}

/** The matrices of the projections, each counted once, however often it is used; a tied embedding is the head's matrix. */
function weightsOf({ node, initializer }: Graph) {
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const projections = node.filter(({ opType }) => PROJECTIONS.includes(opType));
  const used = new Set(projections.flatMap(({ input }) => input).filter((name) => constants.has(name)));
  let parameters = 0;
  let weightBytes = 0;
  for (const name of used) {
    const { dims = [], dataType = DataType.FLOAT } = constants.get(name) ?? {};
    const count = dims.reduce((product, size) => product * Number(size), 1);
    weightBytes += count * (BYTES[dataType as DataType] ?? 4);
    // Blocks of 4 bits hold two numbers a byte; their scales are none.
    if (dataType === DataType.UINT8) parameters += 2 * count;
    else if (dims.length > 1 && !name.endsWith('scales')) parameters += count;
  }
  return { parameters, weightBytes };
}
