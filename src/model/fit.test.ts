import { expect, test } from 'vitest';
import { checkCache, fitOf, fits, needOf, type Room } from './fit';

const WASM: Room = { kind: 'wasm' };
const gpu = (buffer: number): Room => ({ kind: 'webgpu', buffer, f16: true });

/** SmolLM2-135M at a context of 1024. */
const SIZES = { layers: 30, kvHeads: 3, headDim: 64, contextLength: 1024 };
const full = needOf(SIZES, { weights: 538e6, kind: 'f32', largestWeight: 113e6 }, false);

test('a cache is two tensors a layer, in 32 or 16 bits', () => {
  expect(full.cacheTensorPerSlot).toBe(1024 * 3 * 64 * 4);
  expect(full.cachePerSlot).toBe(2 * 30 * full.cacheTensorPerSlot);
  expect(needOf(SIZES, full, true).cachePerSlot).toBe(full.cachePerSlot / 2);
});

test('on WebAssembly weights and cache share the heap, and what fits is said', () => {
  const { weights, cache, slots, context } = fitOf(full, 64, WASM);
  expect(weights.asked).toBeCloseTo(538e6 * 1.6, 0);
  expect(cache.limit + weights.asked).toBe(3.6e9);
  expect(fits(full, slots, WASM)).toBe(true);
  expect(fits(full, slots + 1, WASM)).toBe(false);
  expect(context).toBe(Math.floor(1024 * (cache.limit / cache.asked)));
});

test('on WebGPU each tensor of the cache, and the largest weight, has to fit one buffer', () => {
  expect(fitOf(full, 8, gpu(128e6)).slots).toBe(Math.floor(128e6 / full.cacheTensorPerSlot));
  expect(fits(full, 8, gpu(100e6))).toBe(false);
});

test('weights of few bits are reckoned by what they take unpacked', () => {
  const q4 = needOf(SIZES, { weights: 190e6, kind: 'q4', largestWeight: null }, false);
  expect(fitOf(q4, 1, WASM).weights.asked).toBe(4 * 190e6);
});

test('a change of the slots is refused with what fits', () => {
  expect(() => checkCache('The model', full, 8, WASM)).not.toThrow();
  expect(() => checkCache('The model', full, 64, WASM)).toThrow(
    /^The model with 64 slots needs 6\.04 GB for its cache; WebAssembly allows 2\.74 GB, which is \d+ slots, or a context of \d+ tokens\.$/,
  );
});
