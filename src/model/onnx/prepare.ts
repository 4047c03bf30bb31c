import { toBinary } from '@bufbuild/protobuf';
import type { DecoderConfig } from '../decoder-config';
import { fuseAttention } from './fuse-attention';
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

/**
 * Rewrites a model, of either form, so that one run does one step of a batch.
 * @param model with its weights; it is changed
 * @throws HeadwayError `model-unsupported` for a graph that cannot be served, with what was found
 */
export async function prepareServing(
  model: Model,
  config: DecoderConfig,
  file: string,
  cacheOutside: boolean,
  evaluate: Evaluate,
): Promise<SessionParts> {
  if (graphForm(model) === 'plain') {
    await fuseAttention(model, { ...config, context: config.contextLength }, file, evaluate);
  }
  rewriteForServing(model, file, cacheOutside ? { cacheOutside: config } : {});
  const weights = detachWeights(model);
  return { graph: toBinary(ModelSchema, model), weights };
}
