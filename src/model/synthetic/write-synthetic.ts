import { decoderGraph, type Weight } from '../onnx/decoder-graph';
import { halves } from '../onnx/half';
import { DataType } from '../onnx/onnx_pb';
import { randomStream } from './random-numbers';
import type { SyntheticModel } from './spec';

export interface SyntheticFiles {
  /** The graph, as an .onnx file. */
  readonly graph: Uint8Array;
  /** Its large constants, each a file beside it: one file could not hold more than 2 GB, and each copy of it would hurt. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/**
 * Writes the model: the shapes are real, the numbers random. They are drawn so that what a projection sums up has the size
 * of what went in, which keeps activations small enough for 16 bits through any number of layers.
 * @param onBytes told after each weight, with all bytes so far
 */
export function writeSynthetic(
  { shape, dtype, seed }: SyntheticModel,
  onBytes: (made: number) => void = () => {},
): SyntheticFiles {
  const weights: { path: string; data: Uint8Array }[] = [];
  let made = 0;
  const graph = decoderGraph(shape, { dtype, tied: true }, (builder, weight) => {
    const { name, role, type, dims } = weight;
    const numbers = numbersOf(weight, seed);
    made += numbers.byteLength;
    if (role === 'norm') {
      builder.constant(name, type, dims, numbers);
    } else {
      builder.external(name, type, dims, name);
      weights.push({ path: name, data: new Uint8Array(numbers.buffer, 0, numbers.byteLength) });
    }
    onBytes(made);
  });
  return { graph, weights };
}

/** Root mean square of the whole numbers from −7 to 7, of which 0 is twice as likely as any other. */
const Q4_RMS = Math.sqrt(17.5);

function numbersOf({ name, role, type, dims, inputs }: Weight, seed: number) {
  const length = dims.reduce((product, size) => product * size, 1);
  const random = randomStream(seed, name);
  const deviation = 1 / Math.sqrt(inputs);
  switch (role) {
    case 'norm': {
      const ones = new Float32Array(length).fill(1);
      return type === DataType.FLOAT16 ? halves(ones) : ones;
    }
    case 'blocks':
      return random.nibblePairs(length);
    case 'scales':
      return new Float32Array(length).fill(deviation / Q4_RMS);
    case 'projection':
    case 'table': {
      // A uniform number's deviation is its bound over √3.
      const bound = deviation * Math.sqrt(3);
      return type === DataType.FLOAT16 ? random.halfFloats(length, bound) : random.floats(length, bound);
    }
  }
}
