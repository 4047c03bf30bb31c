import { toBinary } from '@bufbuild/protobuf';
import type { DecoderConfig } from '../decoder-config';
import { fits, type ModelNeed, needOf } from '../fit';
import { dequantize, packedProducts } from './dequantize';
import { fuseAttention } from './fuse-attention';
import { integerOf } from './graph-index';
import { DataType, type Model, ModelSchema } from './onnx_pb';
import type { Evaluate } from './probe';
import { rewriteForServing } from './serving-graph';
import { detachWeights, type Weight } from './weights';

/** What a session is made of. */
export interface SessionParts {
  readonly graph: Uint8Array;
  readonly weights: readonly Weight[];
}

/** `fused`: its attention is GroupQueryAttention. `plain`: it is written in plain operators. */
export type GraphForm = 'fused' | 'plain';

export const graphForm = ({ graph }: Model): GraphForm =>
  graph?.node.some(({ opType }) => opType === 'GroupQueryAttention') ? 'fused' : 'plain';

/**
 * How exactly a graph computes: `dynamic` where it quantizes activations to 8 bits as it runs, with one scale for all rows;
 * `half` in 16 bits.
 */
export function arithmeticOf({ graph }: Model): 'exact' | 'half' | 'dynamic' {
  if (
    graph?.node.some(({ opType }) => opType === 'DynamicQuantizeLinear' || opType === 'DynamicQuantizeMatMul')
  ) {
    return 'dynamic';
  }
  // Its activations are rounded to 8 bits, row by row.
  if (graph?.node.some((node) => node.opType === 'MatMulNBits' && integerOf(node, 'accuracy_level') === 4)) {
    return 'dynamic';
  }
  const half = graph?.input.some(({ type }) => type?.tensorType?.elemType === DataType.FLOAT16);
  return half ? 'half' : 'exact';
}

/** A model as its file has it, for a session to compare with. */
export function asItIs(model: Model): SessionParts {
  const weights = detachWeights(model);
  const graph = toBinary(ModelSchema, model);
  const byPath = new Map(weights.map(({ path, data }) => [path, data]));
  for (const tensor of model.graph?.initializer ?? []) {
    const [entry] = tensor.externalData;
    const data = entry && byPath.get(entry.value);
    if (!data) continue;
    tensor.rawData = data;
    tensor.externalData = [];
    tensor.dataLocation = 0;
  }
  return { graph, weights };
}

/** What a model takes as it is served. @param unpack whether its packed matrices become 32 bits */
export function servedNeed(model: Model, config: DecoderConfig, unpack: boolean): ModelNeed {
  const tensors = model.graph?.initializer ?? [];
  const packed = packedProducts(model);
  const removed = new Set(unpack ? packed.products.flatMap(({ input }) => input.slice(1, 4)) : []);
  const sizes = tensors.filter(({ name }) => !removed.has(name)).map(({ rawData }) => rawData.byteLength);
  const half = config.cacheType === 'float16';
  const kind =
    packed.products.length > 0 && !unpack
      ? 'q4'
      : arithmeticOf(model) === 'dynamic' && !unpack
        ? 'q8'
        : half
          ? 'f16'
          : 'f32';
  const weights = sizes.reduce((sum, bytes) => sum + bytes, unpack ? packed.bytes : 0);
  const largestWeight = sizes.reduce((most, bytes) => Math.max(most, bytes), 0);
  return needOf(config, { weights, kind, largestWeight }, half);
}

/** Whether packed matrices are unpacked for WebAssembly: where there are any, and room for them and the cache. */
export const canUnpack = (model: Model, config: DecoderConfig, slots: number): boolean =>
  packedProducts(model).products.length > 0 && fits(servedNeed(model, config, true), slots, { kind: 'wasm' });

export interface PrepareOptions {
  /** Whether the cache is kept outside of onnxruntime. */
  readonly cacheOutside: boolean;
  /** Whether matrices of 4 or 8 bits become 32 bits. */
  readonly unpack: boolean;
}

/**
 * Rewrites a model, of either form, so that one run does one step of a batch.
 * @param model with its weights; it is changed
 * @throws HeadwayError `model-unsupported` for a graph that cannot be served, with what was found
 */
export async function prepareServing(
  model: Model,
  config: DecoderConfig,
  file: string,
  { cacheOutside, unpack }: PrepareOptions,
  evaluate: Evaluate,
): Promise<SessionParts> {
  if (unpack) dequantize(model);
  if (graphForm(model) === 'plain') {
    await fuseAttention(model, { ...config, context: config.contextLength }, file, evaluate);
  }
  rewriteForServing(model, file, cacheOutside ? { cacheOutside: config } : {});
  const weights = detachWeights(model);
  return { graph: toBinary(ModelSchema, model), weights };
}
