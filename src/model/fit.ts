import { HeadwayError } from '../core/errors';
import { formatBytes } from '../core/format';

/**
 * Does it fit? The one computation, used before a model is downloaded or made, when it is opened, and whenever the number of
 * slots is changed, on both backends.
 */

/** What the machine allows a model. */
export type Room =
  /** The largest buffer that a shader may bind, in bytes, and whether shaders compute in 16 bits. */
  { readonly kind: 'webgpu'; readonly buffer: number; readonly f16: boolean } | { readonly kind: 'wasm' };

/** How weights are kept: by it their bytes in the heap of WebAssembly are reckoned. */
export type WeightKind = 'f32' | 'f16' | 'q8' | 'q4';

/** WASM has addresses for 4 GiB, of which some is for activations and the library itself. */
const WASM_HEAP = 3.6e9;

/**
 * Bytes of WASM heap for a byte of weights, as onnxruntime-web 1.30.0 was seen to take: it packs matrices anew (f32), makes
 * them f32 first (f16), or unpacks the largest one for each step (blocks of 4 or 8 bits).
 */
const HEAP_SHARE: Readonly<Record<WeightKind, number>> = { f32: 1.6, f16: 3.7, q8: 2.5, q4: 4 };

/** What a model takes, in bytes. */
export interface ModelNeed {
  readonly weights: number;
  readonly kind: WeightKind;
  /** The largest of its weights, which has to fit one buffer; null where nothing large was read yet. */
  readonly largestWeight: number | null;
  /** Tokens of a sequence. */
  readonly context: number;
  /** KV cache of one sequence at full context: one layer's keys, and all. */
  readonly cacheTensorPerSlot: number;
  readonly cachePerSlot: number;
}

/** The sizes that a decoder's cache is made of. */
export interface CacheSizes {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly contextLength: number;
}

/** @param half whether it computes and caches in 16 bits */
export function needOf(
  { layers, kvHeads, headDim, contextLength }: CacheSizes,
  weights: Pick<ModelNeed, 'weights' | 'kind' | 'largestWeight'>,
  half: boolean,
): ModelNeed {
  const cacheTensorPerSlot = contextLength * kvHeads * headDim * (half ? 2 : 4);
  return {
    ...weights,
    context: contextLength,
    cacheTensorPerSlot,
    cachePerSlot: 2 * layers * cacheTensorPerSlot,
  };
}

/** Something that takes memory, and what it may take. Bytes. */
export interface Demand {
  readonly what: string;
  readonly asked: number;
  readonly limit: number;
}

/** How a model and so many slots stand to what the machine has. */
export interface Fit {
  readonly weights: Demand;
  readonly cache: Demand;
  /** Slots that fit at this context, and the longest context with these slots. 0 where the weights alone do not fit. */
  readonly slots: number;
  readonly context: number;
}

/** @param slots sequences that the cache has to hold */
export function fitOf(need: ModelNeed, slots: number, room: Room): Fit {
  const weights = weightsDemand(need, room);
  const cache = cacheDemand(weights, need, slots, room);
  const share = Math.max(0, cache.limit) / cache.asked;
  return { weights, cache, slots: Math.floor(slots * share), context: Math.floor(need.context * share) };
}

/** "3.81 GB for its weights; WebAssembly allows 3.60 GB" */
export const saying = ({ what, asked, limit }: Demand) =>
  `${formatBytes(asked)} ${what} allows ${formatBytes(limit)}`;

/** @throws HeadwayError `cache-too-large`, with what was asked, the limit, and what fits */
export function checkCache(label: string, need: ModelNeed, slots: number, room: Room): void {
  const { cache, slots: most, context } = fitOf(need, slots, room);
  if (cache.asked <= cache.limit) return;
  throw new HeadwayError(
    'cache-too-large',
    `${label} with ${slots} slots needs ${saying(cache)}, which is ${most} slots, or a context of ${context} tokens.`,
  );
}

/** Whether weights and cache both fit. */
export function fits(need: ModelNeed, slots: number, room: Room): boolean {
  const { weights, cache } = fitOf(need, slots, room);
  return weights.asked <= weights.limit && cache.asked <= cache.limit;
}

function weightsDemand({ weights, kind, largestWeight }: ModelNeed, room: Room): Demand {
  if (room.kind === 'webgpu') {
    const what = 'in one buffer for its largest weight; this adapter';
    return { what, asked: largestWeight ?? 0, limit: room.buffer };
  }
  return { what: 'for its weights; WebAssembly', asked: weights * HEAP_SHARE[kind], limit: WASM_HEAP };
}

function cacheDemand(
  weights: Demand,
  { cacheTensorPerSlot, cachePerSlot }: ModelNeed,
  slots: number,
  room: Room,
): Demand {
  if (room.kind === 'webgpu') {
    const what = 'in one buffer for a layer’s keys; this adapter';
    return { what, asked: slots * cacheTensorPerSlot, limit: room.buffer };
  }
  // What a run is fed and what it answers are in the heap at once.
  const what = 'for its cache; WebAssembly';
  return { what, asked: 2 * slots * cachePerSlot, limit: WASM_HEAP - weights.asked };
}
