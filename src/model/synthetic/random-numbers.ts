import { fnv1a, mixed } from '../../core/hash';
import { halves } from '../onnx/half';

/**
 * Hundreds of millions of numbers in seconds: xorshift32 in a plain loop. Each array has a stream of its own, which depends
 * on the seed and the array's name alone, so a model of other sizes shifts nothing.
 */
export function randomStream(seed: number, name: string) {
  let state = stateOf(seed, name);

  /** Uniform between −bound and bound. */
  function floats(length: number, bound: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(length);
    const scale = bound / 2 ** 31;
    let s = state;
    for (let i = 0; i < length; i++) {
      s ^= s << 13;
      s ^= s >>> 17;
      s ^= s << 5;
      values[i] = s * scale;
    }
    state = s;
    return values;
  }

  /** The same as 16-bit floats, out of 4096 different ones: a conversion each would take ten times as long. */
  function halfFloats(length: number, bound: number): Uint16Array<ArrayBuffer> {
    const table = halves(Float32Array.from({ length: 4096 }, (_, i) => ((i + 0.5) / 2048 - 1) * bound));
    const values = new Uint16Array(length);
    let s = state;
    for (let i = 0; i < length; i += 2) {
      s ^= s << 13;
      s ^= s >>> 17;
      s ^= s << 5;
      values[i] = table[s & 4095] as number;
      values[i + 1] = table[(s >>> 16) & 4095] as number;
    }
    state = s;
    return values;
  }

  /**
   * Two whole numbers from −7 to 7 a byte, each counted from 8. −8 is left out, since a mean other than 0 adds up from
   * projection to projection until nothing of the tokens is left.
   */
  function nibblePairs(length: number): Uint8Array<ArrayBuffer> {
    const table = Uint8Array.from(
      { length: 256 },
      (_, byte) => (byte & 0xf0 || 0x80) | (byte & 0x0f || 0x08),
    );
    const values = new Uint8Array(length);
    let s = state;
    for (let i = 0; i < length; i += 4) {
      s ^= s << 13;
      s ^= s >>> 17;
      s ^= s << 5;
      values[i] = table[s & 255] as number;
      values[i + 1] = table[(s >>> 8) & 255] as number;
      values[i + 2] = table[(s >>> 16) & 255] as number;
      values[i + 3] = table[s >>> 24] as number;
    }
    state = s;
    return values;
  }

  return { floats, halfFloats, nibblePairs };
}

/** Never 0, a state that xorshift does not leave. */
const stateOf = (seed: number, name: string): number => mixed(fnv1a(`${seed}/${name}`)) || 1;
