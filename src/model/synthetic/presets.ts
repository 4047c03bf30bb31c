import type { DecoderShape } from '../onnx/decoder-shape';

/** What a synthetic model may be told of its shape; the rest (positions, norms) is the same for all. */
export type Sizes = Omit<DecoderShape, 'ropeTheta' | 'normEpsilon'>;

export interface Preset {
  readonly name: string;
  /** The model whose shape it has. */
  readonly says: string;
  readonly sizes: Sizes;
}

/** Short enough that the cache of a few slots fits beside the weights; a longer context is a free choice. */
const CONTEXT = 512;

/**
 * Shapes of well-known models, by their published `config.json`. All are Llama-shaped here (RMSNorm, rotary positions,
 * SwiGLU without biases, one embedding for both ends), so a preset stands for the size and the form of the work, not for
 * the model: GPT-2's plain layer of 3072 became a SwiGLU of 2048, which has its parameters, its learnt positions and Qwen3's
 * norms of queries and keys are left out.
 */
export const PRESETS: readonly Preset[] = [
  {
    name: 'tinystories-15m',
    says: 'llama2.c stories15M',
    sizes: {
      layers: 6,
      hidden: 288,
      heads: 6,
      kvHeads: 6,
      headDim: 48,
      feedForward: 768,
      vocabulary: 32_000,
      context: 256,
    },
  },
  {
    name: 'tinystories-42m',
    says: 'llama2.c stories42M',
    sizes: {
      layers: 8,
      hidden: 512,
      heads: 8,
      kvHeads: 8,
      headDim: 64,
      feedForward: 1376,
      vocabulary: 32_000,
      context: CONTEXT,
    },
  },
  {
    name: 'gpt2-124m',
    says: 'GPT-2 small',
    sizes: {
      layers: 12,
      hidden: 768,
      heads: 12,
      kvHeads: 12,
      headDim: 64,
      feedForward: 2048,
      vocabulary: 50_257,
      context: CONTEXT,
    },
  },
  {
    name: 'smollm2-135m',
    says: 'SmolLM2 135M',
    sizes: {
      layers: 30,
      hidden: 576,
      heads: 9,
      kvHeads: 3,
      headDim: 64,
      feedForward: 1536,
      vocabulary: 49_152,
      context: CONTEXT,
    },
  },
  {
    name: 'smollm2-360m',
    says: 'SmolLM2 360M',
    sizes: {
      layers: 32,
      hidden: 960,
      heads: 15,
      kvHeads: 5,
      headDim: 64,
      feedForward: 2560,
      vocabulary: 49_152,
      context: CONTEXT,
    },
  },
  {
    name: 'qwen3-0.6b',
    says: 'Qwen3 0.6B',
    sizes: {
      layers: 28,
      hidden: 1024,
      heads: 16,
      kvHeads: 8,
      headDim: 128,
      feedForward: 3072,
      vocabulary: 151_936,
      context: CONTEXT,
    },
  },
];
