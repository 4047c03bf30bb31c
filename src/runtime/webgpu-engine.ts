import type * as Ort from 'onnxruntime-web';
import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Engine } from './decoder-backend';
import { attentionMask, type Pass } from './sequences';

/** Attention costs by the width of the mask, so it is cut to the longest row, in steps so that few shapes occur. */
const TOTAL_STEP = 16;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The cache on the GPU: one buffer [slots, Hkv, T, D] a tensor, which is past and present of a run at once, so nothing is
 * copied. A run binds the first rows of it. The choice of the next token is made on the GPU too; only that comes back.
 */
export class WebGpuEngine implements Engine {
  readonly rowsFromZero = true;
  readonly #ort: typeof Ort;
  readonly #decoder: Ort.InferenceSession;
  readonly #sampler: Ort.InferenceSession;
  readonly #device: GPUDevice;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  /** One buffer a tensor, for the same number of rows each. */
  #cache: GPUBuffer[] = [];
  #rows = 0;
  /** What the GPU reported outside of a call. Its results cannot be trusted from then on. */
  #fault: string | null = null;

  constructor(
    ort: typeof Ort,
    sessions: { readonly decoder: Ort.InferenceSession; readonly sampler: Ort.InferenceSession },
    device: GPUDevice,
    config: DecoderConfig,
  ) {
    this.#ort = ort;
    this.#decoder = sessions.decoder;
    this.#sampler = sessions.sampler;
    this.#device = device;
    this.#config = config;
    this.#names = cacheNames(config.layers);
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault = `The GPU reported an error: ${error.message}`;
    });
    void device.lost.then(({ reason, message }) => {
      this.#fault = `The GPU device was lost (${reason}): ${message}`;
    });
  }

  async forward(pass: Pass): Promise<readonly number[]> {
    this.#reserve(Math.max(...pass.slots) + 1);
    const inPlace = pass.slots.every((slot, row) => slot === row);
    const tokens = inPlace ? await this.#run(pass, this.#cache) : await this.#prefillAside(pass);
    if (this.#fault) throw new HeadwayError('backend-failed', this.#fault);
    return tokens;
  }

  /** By way of a spare row, since WebGPU copies between different buffers only. */
  copyRow(from: number, to: number): Promise<void> {
    this.#reserve(Math.max(from, to) + 1);
    const spare = this.#allocate(1);
    this.#copyRows(this.#cache, spare, [{ from, to: 0 }]);
    this.#copyRows(spare, this.#cache, [{ from: 0, to }]);
    for (const buffer of spare) buffer.destroy();
    return Promise.resolve();
  }

  async dispose(): Promise<void> {
    for (const buffer of this.#cache) buffer.destroy();
    this.#cache = [];
    await this.#decoder.release();
    await this.#sampler.release();
  }

  /** Row i of the pass over row i of the cache. */
  async #run(pass: Pass, cache: readonly GPUBuffer[]): Promise<readonly number[]> {
    const { Tensor } = this.#ort;
    const { kvHeads, contextLength, headDim } = this.#config;
    const rows = pass.slots.length;
    const longest = Math.max(...pass.after);
    const total =
      pass.width === 1 ? Math.min(contextLength, TOTAL_STEP * Math.ceil(longest / TOTAL_STEP)) : longest;
    const feeds: Record<string, Ort.Tensor> = {
      input_ids: new Tensor('int64', pass.inputIds, [rows, pass.width]),
      attention_mask: new Tensor('int64', attentionMask(pass.after, total), [rows, total]),
    };
    const fetches: Record<string, Ort.Tensor | null> = { logits: null };
    this.#names.forEach(({ past, present }, i) => {
      const dims = [rows, kvHeads, contextLength, headDim];
      const tensor = Tensor.fromGpuBuffer(cache[i] as GPUBuffer, { dataType: 'float32', dims });
      feeds[past] = tensor;
      fetches[present] = tensor;
    });
    const { logits } = await this.#decoder.run(feeds, fetches);
    if (!logits) throw new HeadwayError('backend-failed', 'The model gave no logits.');
    const last = BigInt64Array.from(pass.lastIndex, BigInt);
    const { next } = await this.#sampler.run({ logits, last_index: new Tensor('int64', last, [rows, 1]) });
    logits.dispose();
    const tokens = (await next?.getData(true)) as BigInt64Array;
    return Array.from(tokens, Number);
  }

  /** Prompts for slots that are not the first ones: computed in a cache of their own, then copied to their places. */
  async #prefillAside(pass: Pass): Promise<readonly number[]> {
    const aside = this.#allocate(pass.slots.length);
    try {
      const tokens = await this.#run(pass, aside);
      this.#copyRows(
        aside,
        this.#cache,
        pass.slots.map((to, from) => ({ from, to })),
      );
      return tokens;
    } finally {
      for (const buffer of aside) buffer.destroy();
    }
  }

  #reserve(rows: number): void {
    if (rows <= this.#rows) return;
    const grown = this.#allocate(rows);
    const kept = Array.from({ length: this.#rows }, (_, row) => ({ from: row, to: row }));
    this.#copyRows(this.#cache, grown, kept);
    for (const buffer of this.#cache) buffer.destroy();
    this.#cache = grown;
    this.#rows = rows;
  }

  get #rowBytes(): number {
    const { kvHeads, contextLength, headDim } = this.#config;
    return kvHeads * contextLength * headDim * BYTES;
  }

  #allocate(rows: number): GPUBuffer[] {
    const size = rows * this.#rowBytes;
    const limit = this.#device.limits.maxStorageBufferBindingSize;
    if (size > limit) {
      const most = Math.floor(limit / this.#rowBytes);
      throw new HeadwayError(
        'backend-failed',
        `A KV cache of ${rows} rows needs buffers of ${size} bytes; this adapter allows ${limit}, so ${most} rows.`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.#names.map(({ past }) => this.#device.createBuffer({ label: past, size, usage }));
  }

  #copyRows(
    from: readonly GPUBuffer[],
    to: readonly GPUBuffer[],
    moves: readonly { readonly from: number; readonly to: number }[],
  ): void {
    const size = this.#rowBytes;
    const encoder = this.#device.createCommandEncoder();
    from.forEach((source, i) => {
      for (const move of moves) {
        encoder.copyBufferToBuffer(source, move.from * size, to[i] as GPUBuffer, move.to * size, size);
      }
    });
    this.#device.queue.submit([encoder.finish()]);
  }
}
