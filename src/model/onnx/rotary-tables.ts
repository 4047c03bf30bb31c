import type { DecoderShape } from './decoder-shape';

/**
 * Cosines and sines of rotary positions, each [context, headDim / 2], row-major: at position p the pair of elements
 * i and i + headDim / 2 turns by p · ropeTheta^(−2i / headDim) radians.
 */
export function rotaryTables(shape: Pick<DecoderShape, 'context' | 'headDim' | 'ropeTheta'>): {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
} {
  const half = shape.headDim / 2;
  const cos = new Float32Array(shape.context * half);
  const sin = new Float32Array(shape.context * half);
  for (let position = 0; position < shape.context; position++) {
    for (let pair = 0; pair < half; pair++) {
      const angle = position * shape.ropeTheta ** (-pair / half);
      cos[position * half + pair] = Math.cos(angle);
      sin[position * half + pair] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
