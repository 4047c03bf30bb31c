import { InferenceSession, Tensor } from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { DTYPES, Q4_BLOCK } from '../onnx/decoder-shape';
import { type Weights, writeDecoder } from '../onnx/write-decoder';
import { parseSynthetic } from './spec';
import { type SyntheticFiles, writeSynthetic } from './write-synthetic';

const SIZES = 'layers=2,hidden=64,heads=4,kv-heads=2,head-dim=32,feed-forward=96,vocabulary=200,context=32';
const model = (dtype: string, seed = 1) => parseSynthetic(`synthetic:${SIZES},dtype=${dtype},seed=${seed}`);

/** Logits of a prompt's places, [S, vocabulary]. */
async function logits(files: SyntheticFiles, cache: 'float32' | 'float16'): Promise<readonly number[]> {
  const session = await InferenceSession.create(files.graph, { externalData: files.weights });
  const ids = [3, 41, 7, 7, 199];
  const row = (values: readonly number[]) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, 5]);
  const empty = cache === 'float32' ? new Float32Array() : new Uint16Array();
  const past = session.inputNames.slice(2).map((name) => [name, new Tensor(cache, empty, [1, 2, 0, 32])]);
  const feeds = { input_ids: row(ids), attention_mask: row(ids.map(() => 1)), ...Object.fromEntries(past) };
  const results = await session.run(feeds);
  const { data } = results.logits as Tensor;
  return data instanceof Uint16Array ? Array.from(data, fromHalf) : Array.from(data as Float32Array, Number);
}

/** The numbers that a stored weight stands for, in the hub's order. */
function meaningOf({ weights }: SyntheticFiles): Weights {
  const bytesOf = (name: string) => weights.find(({ path }) => path === name)?.data;
  const asFloats = (name: string) => new Float32Array(Uint8Array.from(bytesOf(name) ?? []).buffer);
  return (name, dims) => {
    const [outputs = 0, inputs = 0] = dims;
    if (name.includes('norm')) return new Float32Array(outputs).fill(1);
    const stored = name === 'model.embed_tokens.weight' ? 'lm_head.weight' : name;
    const bytes = bytesOf(stored) ?? new Uint8Array();
    const scales = asFloats(stored.replace('.weight', '.scales'));
    const floats = bytes.length === outputs * inputs * 4 ? asFloats(stored) : null;
    const bits =
      bytes.length === outputs * inputs * 2 ? new Uint16Array(Uint8Array.from(bytes).buffer) : null;
    return Float32Array.from({ length: outputs * inputs }, (_, i) => {
      const place = (i % inputs) * outputs + Math.floor(i / inputs);
      if (floats) return floats[place] ?? Number.NaN;
      if (bits) return fromHalf(bits[place] ?? 0);
      const nibble = ((bytes[i >> 1] ?? 0) >> (i % 2 ? 4 : 0)) & 15;
      return (nibble - 8) * (scales[Math.floor(i / Q4_BLOCK)] ?? Number.NaN);
    });
  };
}

function fromHalf(bits: number): number {
  const [exponent, rest] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? rest * 2 ** -24 : (1024 + rest) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

it.each(DTYPES)('in %s it says what the plain decoder of the same numbers says', async (dtype) => {
  const { shape, ...rest } = model(dtype);
  const files = writeSynthetic({ shape, ...rest });
  const plain = { graph: writeDecoder(shape, meaningOf(files)), weights: [] };
  const said = await logits(files, dtype === 'f16' ? 'float16' : 'float32');
  const expected = await logits(plain, 'float32');
  const worst = Math.max(...said.map((logit, i) => Math.abs(logit - (expected[i] ?? Number.NaN))));
  expect(worst).toBeLessThan(dtype === 'f16' ? 0.02 : 1e-4);
  expect(Math.max(...expected)).toBeGreaterThan(1);
});

it('has the same numbers for the same seed, and others for another', () => {
  const bytes = (seed: number) =>
    Buffer.concat(writeSynthetic(model('f32', seed)).weights.map((w) => w.data));
  expect(bytes(1).equals(bytes(1))).toBe(true);
  expect(bytes(1).equals(bytes(2))).toBe(false);
});

it.each(DTYPES)('spreads the numbers of %s evenly about 0', (dtype) => {
  const files = writeSynthetic(model(dtype));
  const values = meaningOf(files)('lm_head.weight', [200, 64]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  expect(Math.abs(mean)).toBeLessThan(0.003);
  expect(deviation).toBeCloseTo(1 / Math.sqrt(64), 2);
});
