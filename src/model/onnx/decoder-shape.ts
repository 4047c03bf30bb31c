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
export function checkShape(shape: DecoderShape): void {
  for (const size of SIZES) {
    if (!Number.isSafeInteger(shape[size]) || shape[size] < 1) {
      throw refusal(`${size} must be a whole number of at least 1; given: ${shape[size]}.`);
    }
  }
  if (shape.heads % shape.kvHeads !== 0) {
    throw refusal(`heads must be a multiple of kvHeads; given: ${shape.heads} and ${shape.kvHeads}.`);
  }
  if (shape.headDim % 16 !== 0) {
    throw refusal(`headDim must be a multiple of 16; given: ${shape.headDim}.`);
  }
  for (const size of ['ropeTheta', 'normEpsilon'] as const) {
    if (!(shape[size] > 0 && Number.isFinite(shape[size]))) {
      throw refusal(`${size} must be a number above 0; given: ${shape[size]}.`);
    }
  }
}

export function refusal(problem: string): HeadwayError {
  return new HeadwayError('invalid-parameter', `This decoder cannot be written: ${problem}`);
}
