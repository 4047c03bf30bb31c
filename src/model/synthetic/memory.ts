import { formatBytes } from '../../core/format';
import { type DecoderShape, type Dtype, Q4_BLOCK } from '../onnx/decoder-shape';

/** What a decoder takes, in bytes, worked out from its sizes alone. */
export interface MemoryNeed {
  readonly parameters: number;
  readonly weights: number;
  /** The largest of its weights, which has to fit one buffer. */
  readonly largestWeight: number;
  /** KV cache of one sequence at full context, all layers. */
  readonly cachePerSlot: number;
  /** A slot's part of one cache tensor; the tensor, all slots of it, has to fit one buffer. */
  readonly cacheTensorPerSlot: number;
}

/** Bytes of a value in activations and cache. */
const VALUE_BYTES: Readonly<Record<Dtype, number>> = { f32: 4, f16: 2, q4: 4 };

/** Of a value in a projection: in q4, half a byte and its share of an f32 scale. */
const WEIGHT_BYTES: Readonly<Record<Dtype, number>> = { f32: 4, f16: 2, q4: 0.5 + 4 / Q4_BLOCK };

export function memoryNeed(shape: DecoderShape, dtype: Dtype): MemoryNeed {
  const { layers, hidden, heads, kvHeads, headDim, feedForward, vocabulary, context } = shape;
  const [queries, keys] = [heads * headDim, kvHeads * headDim];
  const attention = hidden * (2 * queries + 2 * keys);
  const layer = attention + 3 * hidden * feedForward;
  // One for both ends of the model.
  const embedding = vocabulary * hidden;
  const projections = layers * layer + embedding;
  const norms = (2 * layers + 1) * hidden;
  // In q4 the embedding's scales are kept in two shapes, one for each end.
  const twice = dtype === 'q4' ? (embedding / Q4_BLOCK) * 4 : 0;
  const cacheTensorPerSlot = context * keys * VALUE_BYTES[dtype];
  return {
    parameters: projections + norms,
    weights: projections * WEIGHT_BYTES[dtype] + twice + norms * VALUE_BYTES[dtype],
    // The values of q4 and their scales are two tensors.
    largestWeight:
      Math.max(embedding, hidden * feedForward, hidden * queries) *
      (dtype === 'q4' ? 0.5 : WEIGHT_BYTES[dtype]),
    cachePerSlot: 2 * layers * cacheTensorPerSlot,
    cacheTensorPerSlot,
  };
}

/**
 * "124 M parameters · weights 494 MB · cache 37.7 MB a slot at context 512; with 8 slots 302 MB"
 * @param slots sequences that the cache would hold
 */
export function sayNeed(shape: DecoderShape, dtype: Dtype, slots: number): string {
  const { parameters, weights, cachePerSlot } = memoryNeed(shape, dtype);
  return [
    `${countOf(parameters)} parameters`,
    `weights ${formatBytes(weights)}`,
    `cache ${formatBytes(cachePerSlot)} a slot at context ${shape.context}; with ${slots} ${slots === 1 ? 'slot' : 'slots'} ` +
      formatBytes(slots * cachePerSlot),
  ].join(' · ');
}

/** 181 k, 15.2 M, 124 M. */
function countOf(parameters: number): string {
  const [unit, name] = parameters < 1e6 ? [1e3, 'k'] : [1e6, 'M'];
  const count = parameters / unit;
  return `${count.toFixed(count < 100 ? 1 : 0)} ${name}`;
}
