import { HeadwayError } from '../../core/errors';
import { formatBytes } from '../../core/format';
import { DTYPES, shapeProblem } from '../onnx/decoder-shape';
import { type MemoryNeed, memoryNeed } from './memory';
import { PRESETS } from './presets';
import { formatSynthetic, parseSynthetic, type SyntheticModel } from './spec';

/** What the machine allows a model. */
export type Room =
  /** The largest buffer that a shader may bind, in bytes, and whether shaders compute in 16 bits. */
  { readonly kind: 'webgpu'; readonly buffer: number; readonly f16: boolean } | { readonly kind: 'wasm' };

/** WASM has addresses for 4 GiB, of which some is for activations and the library itself. */
export const WASM_HEAP = 3.6e9;

/** Something that takes memory, and what it may take. Bytes. */
interface Demand {
  readonly what: string;
  readonly asked: number;
  readonly limit: number;
}

/**
 * Refuses a model before anything is made of it.
 * @param slots sequences that the cache has to hold
 * @throws HeadwayError `model-unsupported`, `model-too-large`, `cache-too-large`: what was asked, the limit, what would fit
 */
export function checkRoom(model: SyntheticModel, slots: number, room: Room): void {
  if (!computes(model, room)) {
    throw new HeadwayError(
      'model-unsupported',
      `${formatSynthetic(model)} computes in 16 bits, for which this adapter lacks shader-f16. Choose dtype f32 or q4.`,
    );
  }
  const need = memoryNeed(model.shape, model.dtype);
  const weights = weightsDemand(model, need, room);
  if (weights.asked > weights.limit) {
    const smaller = alternatives(model).find((other) => fits(other, room));
    const advice = smaller ? `${formatSynthetic(smaller)} would fit.` : 'No preset would fit.';
    throw new HeadwayError(
      'model-too-large',
      `${formatSynthetic(model)} needs ${saying(weights)}. ${advice}`,
    );
  }
  const cache = cacheDemand(weights, need, slots, room);
  if (cache.asked > cache.limit) {
    const share = cache.limit / cache.asked;
    throw new HeadwayError(
      'cache-too-large',
      `${formatSynthetic(model)} with ${slots} slots needs ${saying(cache)}, which is ${Math.floor(slots * share)} slots, ` +
        `or a context of ${Math.floor(model.shape.context * share)} tokens.`,
    );
  }
}

/** "3.81 GB for its weights; WebAssembly allows 3.60 GB" */
export const saying = ({ what, asked, limit }: Demand) =>
  `${formatBytes(asked)} ${what} allows ${formatBytes(limit)}`;

function weightsDemand({ dtype }: SyntheticModel, need: MemoryNeed, room: Room): Demand {
  if (room.kind === 'webgpu') {
    const what = 'in one buffer for its largest weight; this adapter';
    return { what, asked: need.largestWeight, limit: room.buffer };
  }
  return { what: 'for its weights; WebAssembly', asked: need.weights * HEAP_SHARE[dtype], limit: WASM_HEAP };
}

/**
 * Bytes of WASM heap for a byte of weights, as onnxruntime-web 1.30.0 was seen to take: it packs matrices anew (f32), makes
 * them f32 first (f16), or unpacks the largest one for each step (q4).
 */
export const HEAP_SHARE = { f32: 1.6, f16: 3.7, q4: 4 } as const;

/** What the cache of so many slots takes, beside the weights. */
export function cacheDemand(
  weights: Pick<Demand, 'asked'>,
  need: Pick<MemoryNeed, 'cacheTensorPerSlot' | 'cachePerSlot'>,
  slots: number,
  room: Room,
): Demand {
  if (room.kind === 'webgpu') {
    const what = 'in one buffer for a layer’s keys; this adapter';
    return { what, asked: slots * need.cacheTensorPerSlot, limit: room.buffer };
  }
  // What a run is fed and what it answers are in the heap at once.
  const what = 'for its cache; WebAssembly';
  return { what, asked: 2 * slots * need.cachePerSlot, limit: WASM_HEAP - weights.asked };
}

const computes = ({ dtype }: SyntheticModel, room: Room) =>
  dtype !== 'f16' || room.kind === 'wasm' || room.f16;

/** The same sizes in another dtype, then the presets from the largest on. */
function alternatives(model: SyntheticModel): readonly SyntheticModel[] {
  const presets = PRESETS.toReversed().map(({ name }) => parseSynthetic(`synthetic:${name}`));
  return [model, ...presets].flatMap((each) => DTYPES.map((dtype) => ({ ...each, dtype })));
}

function fits(model: SyntheticModel, room: Room): boolean {
  const { asked, limit } = weightsDemand(model, memoryNeed(model.shape, model.dtype), room);
  return computes(model, room) && shapeProblem(model.shape, model.dtype) === null && asked <= limit;
}
