const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The nearest 16-bit float of a number below 65504, as its bits. */
function halfOf(value: number): number {
  float[0] = value;
  const [all = 0] = bits;
  const sign = (all >>> 16) & 0x8000;
  const exponent = (all >>> 23) & 0xff;
  // Below 2^-14 a half counts in steps of 2^-24, so that adding a number of the same step rounds.
  if (exponent < 113) return sign | Math.round(Math.abs(value) * 2 ** 24);
  const rest = all & 0x7fffff;
  const up = 0xfff + ((rest >>> 13) & 1);
  return sign | ((((exponent - 112) << 23) + rest + up) >>> 13);
}

export const halves = (values: Float32Array): Uint16Array => Uint16Array.from(values, halfOf);

/** The number that the bits of a 16-bit float mean. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
