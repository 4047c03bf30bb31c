import { HeadwayError } from '../../core/errors';

/** The sizes of a Llama-shaped decoder: what `config.json` says of it on the hub. */
export interface DecoderShape {
  readonly layers: number;
  /** Query heads. */
  readonly heads: number;
  /** Key and value heads; each serves `heads / kvHeads` query heads. */
  readonly kvHeads: number;
  /** Elements of one head; a multiple of 16, which ONNX Runtime asks of attention with rotary positions. */
  readonly headDim: number;
  /** Width of the residual stream. */
  readonly hidden: number;
  /** Width of the SwiGLU layer. */
  readonly feedForward: number;
  readonly vocabulary: number;
  /** Longest sequence, prompt and output together: rows of the rotary tables. */
  readonly context: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
}

/**
 * How the numbers are kept. `f16` keeps activations and cache in 16 bits too. `q4` keeps the projections and the embedding
 * in blocks of 32 values of 4 bits, along the inputs, with an f32 scale each; what is computed and cached is f32.
 */
export const DTYPES = ['f32', 'f16', 'q4'] as const;
export type Dtype = (typeof DTYPES)[number];

/** Values that share a scale in `q4`. */
export const Q4_BLOCK = 32;

const SIZES = [
  'layers',
  'heads',
  'kvHeads',
  'headDim',
  'hidden',
  'feedForward',
  'vocabulary',
  'context',
] as const;

/** @throws HeadwayError `invalid-parameter`, naming the first size that no decoder can have */
export function checkShape(shape: DecoderShape, dtype: Dtype = 'f32'): void {
  const problem = shapeProblem(shape, dtype);
  if (problem) throw refusal(problem);
}

/** @returns what is given and what is allowed of the first size that no decoder can have, or null */
export function shapeProblem(shape: DecoderShape, dtype: Dtype): string | null {
  const { heads, kvHeads, headDim } = shape;
  for (const size of SIZES) {
    if (!Number.isSafeInteger(shape[size]) || shape[size] < 1) {
      return `${size} must be a whole number of at least 1; given: ${shape[size]}.`;
    }
  }
  if (heads % kvHeads !== 0) return `heads must be a multiple of kvHeads; given: ${heads} and ${kvHeads}.`;
  if (headDim % 16 !== 0) return `headDim must be a multiple of 16; given: ${headDim}.`;
  const inputs = { hidden: shape.hidden, 'heads × headDim': heads * headDim, feedForward: shape.feedForward };
  for (const [size, value] of Object.entries(inputs)) {
    if (dtype === 'q4' && value % Q4_BLOCK !== 0) {
      return `in q4, ${size} must be a multiple of ${Q4_BLOCK}; given: ${value}.`;
    }
  }
  for (const size of ['ropeTheta', 'normEpsilon'] as const) {
    if (!(shape[size] > 0 && Number.isFinite(shape[size]))) {
      return `${size} must be a number above 0; given: ${shape[size]}.`;
    }
  }
  return null;
}

export function refusal(problem: string): HeadwayError {
  return new HeadwayError('invalid-parameter', `This decoder cannot be written: ${problem}`);
}
