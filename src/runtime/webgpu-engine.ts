import type * as Ort from 'onnxruntime-web';
import type { MemoryUse } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { MOST_SLOTS } from '../core/serving-config';
import type { StepGeometry } from '../core/step-work';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import { LAST_INDEX, LOGITS, NEXT, SEQLENS, TOTAL } from '../model/onnx/serving-graph';
import { bucketOf, type CacheTensor, checkRows } from './cache-rows';
import type { Engine, Submitted } from './decoder-backend';
import type { Gpu } from './gpu-device';
import type { GpuMemory } from './gpu-memory';
import { captureAs, NOT_CAPTURED } from './graph-capture';
import { RowBuffers } from './row-buffers';
import { GpuSampler } from './sampling/gpu-sampler';
import type { Pass } from './sequences';
import { TokenReader } from './token-reader';

type GpuDataType = 'int32' | 'int64' | 'float32' | 'float16';

const TOKEN_BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/** Places of the tensors in the layouts: a slot's last token, the one chosen now, its length, then its cache. */
const [LAST, CHOSEN, LENGTH, CACHE] = [0, 1, 2, 3] as const;

/**
 * Cache and tokens on the GPU. Of the cache there is one buffer [slots, Hkv, T, D] a tensor, which is past and present of
 * a run at once, so nothing is copied; a run binds its first rows. The next token is chosen on the GPU, by the graph or by
 * our own sampler behind it, and fed back there, so a pass can follow a pass without JavaScript having seen a token; the
 * tokens are read behind.
 *
 * With `capture`, decode passes are filled up to a power of two of rows (a bucket), recorded once each and replayed.
 */
export class WebGpuEngine implements Engine {
  readonly passesAhead = 2;
  /** Whether decode passes are recorded and replayed. Off is always right; on is checked before it is trusted. */
  capture = false;
  readonly lost: Promise<string>;
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  readonly #tensor: CacheTensor;
  readonly #slots: RowBuffers;
  /** Rows for prompts whose slots are not the first ones, and for a row on its way from slot to slot. */
  readonly #aside: RowBuffers;
  readonly #reader: TokenReader;
  /** `total_sequence_length` [1] and the zeros [MOST_SLOTS] that are a decode pass's `last_index`. */
  readonly #total: GPUBuffer;
  readonly #zeros: GPUBuffer;
  /** Whether the pass that is being submitted brings its logits back. */
  #readsLogits = false;
  /** Made for the first pass with a sampled row. */
  #sampler: GpuSampler | null = null;
  /** What the GPU reported outside of a call. Its results cannot be trusted from then on, so the device is given up. */
  #fault: string | null = null;

  /** @param session of a serving graph (`model/onnx/serving-graph`) */
  constructor(
    ort: typeof Ort,
    session: Ort.InferenceSession,
    { device, memory }: Gpu,
    config: DecoderConfig,
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#device = device;
    this.#memory = memory;
    this.#config = config;
    this.#names = cacheNames(config.layers);
    const valueBytes = config.cacheType === 'float16' ? 2 : 4;
    const rowBytes = config.kvHeads * config.contextLength * config.headDim * valueBytes;
    const layouts = [
      { name: 'last token', rowBytes: TOKEN_BYTES },
      { name: 'chosen token', rowBytes: TOKEN_BYTES },
      { name: 'length', rowBytes: Int32Array.BYTES_PER_ELEMENT },
      ...this.#names.map(({ past }) => ({ name: past, rowBytes })),
    ];
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    this.#tensor = { contextLength: config.contextLength, rowBytes, limit };
    this.#slots = new RowBuffers(device, layouts);
    this.#aside = new RowBuffers(device, layouts);
    this.#reader = new TokenReader(device);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.#total = device.createBuffer({ label: TOTAL, size: 16, usage });
    this.#zeros = device.createBuffer({ label: LAST_INDEX, size: MOST_SLOTS * TOKEN_BYTES, usage });
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= `The GPU reported an error: ${error.message}`;
      device.destroy();
    });
    this.lost = device.lost.then(({ reason, message }) => {
      this.#fault ??= `The GPU device was lost (${reason}): ${message}`;
      return this.#fault;
    });
  }

  get geometry(): StepGeometry {
    return { bucket: this.capture ? 'power-of-two' : 'rows', groupCost: null, widthStep: null };
  }

  /** All from the first one on, filled up to a bucket if passes are captured. */
  covering(slots: readonly number[]): readonly number[] {
    const rows = Math.max(...slots) + 1;
    return Array.from({ length: this.capture ? bucketOf(rows, this.#tensor) : rows }, (_, slot) => slot);
  }

  checkRoom(slots: number): void {
    checkRows(slots, this.#tensor);
  }

  memory(): MemoryUse {
    return this.#memory.use;
  }

  async submit(pass: Pass, { logits } = { logits: false }): Promise<Submitted> {
    await this.#slots.reserve(bucketOf(Math.max(...pass.slots) + 1, this.#tensor));
    this.#readsLogits = logits;
    if (!pass.inputIds) return this.#decode(pass);
    const inPlace = pass.slots.every((slot, row) => slot === row);
    return inPlace ? this.#prefill(pass, this.#slots) : this.#prefillAside(pass);
  }

  /** By way of a row aside, since WebGPU copies between different buffers only. */
  async copyRow(from: number, to: number): Promise<void> {
    await this.#slots.reserve(bucketOf(Math.max(from, to) + 1, this.#tensor));
    await this.#aside.reserve(1);
    this.#slots.copyTo(this.#aside, [{ from, to: 0 }]);
    this.#aside.copyTo(this.#slots, [{ from: 0, to }]);
  }

  async dispose(): Promise<void> {
    this.#slots.destroy();
    this.#aside.destroy();
    this.#reader.destroy();
    this.#total.destroy();
    this.#zeros.destroy();
    this.#sampler?.destroy();
    await this.#session.release();
    this.#device.destroy();
  }

  /** Row i of the pass over row i of `slots`. */
  async #prefill(pass: Pass, slots: RowBuffers): Promise<Submitted> {
    const { Tensor } = this.#ort;
    const rows = pass.slots.length;
    const { feeds, fetches } = this.#bind(pass, slots);
    feeds.input_ids = new Tensor('int64', pass.inputIds as BigInt64Array, [rows, pass.width]);
    feeds[LAST_INDEX] = new Tensor('int64', BigInt64Array.from(pass.lastIndex, BigInt), [rows, 1, 1]);
    this.#writeLengths(slots, pass.after, Math.max(...pass.before) + pass.width);
    await this.#session.run(feeds, fetches, NOT_CAPTURED);
    return this.#take(pass, slots);
  }

  async #decode(pass: Pass): Promise<Submitted> {
    const rows = pass.slots.length;
    const { feeds, fetches } = this.#bind(pass, this.#slots);
    const last = this.#slots.buffers[LAST] as GPUBuffer;
    feeds.input_ids = this.#ort.Tensor.fromGpuBuffer(last, { dataType: 'int64', dims: [rows, 1] });
    feeds[LAST_INDEX] = this.#ort.Tensor.fromGpuBuffer(this.#zeros, {
      dataType: 'int64',
      dims: [rows, 1, 1],
    });
    this.#writeLengths(this.#slots, pass.after, Math.max(...pass.after));
    const options = this.capture ? captureAs(this.#graphOf(pass)) : NOT_CAPTURED;
    await this.#session.run(feeds, fetches, options);
    return this.#take(pass, this.#slots);
  }

  /** One for each set of buffers that a decode pass can bind: so many rows, and their logits if a row samples. */
  #graphOf({ slots, draws }: Pass): number {
    const logits = (draws && this.#sampler?.generation) ?? 0;
    return (this.#slots.generation * 100 + logits) * 1000 + slots.length;
  }

  #bind({ slots: { length: rows }, draws }: Pass, slots: RowBuffers) {
    const { kvHeads, contextLength, headDim, vocabularySize, cacheType } = this.#config;
    const tensor = (buffer: GPUBuffer | undefined, dataType: GpuDataType, dims: number[]) =>
      this.#ort.Tensor.fromGpuBuffer(buffer as GPUBuffer, { dataType, dims });
    const feeds: Record<string, Ort.Tensor> = {
      [SEQLENS]: tensor(slots.buffers[LENGTH], 'int32', [rows]),
      [TOTAL]: tensor(this.#total, 'int32', [1]),
    };
    const fetches: Record<string, Ort.Tensor> = { [NEXT]: tensor(slots.buffers[CHOSEN], 'int64', [rows, 1]) };
    this.#names.forEach(({ past, present }, i) => {
      const cache = tensor(slots.buffers[CACHE + i], cacheType, [rows, kvHeads, contextLength, headDim]);
      feeds[past] = cache;
      fetches[present] = cache;
    });
    if (draws || this.#readsLogits) {
      this.#sampler ??= new GpuSampler(this.#device, vocabularySize);
      fetches[LOGITS] = tensor(this.#sampler.logits(bucketOf(rows, this.#tensor)), 'float32', [
        rows,
        1,
        vocabularySize,
      ]);
    }
    return { feeds, fetches };
  }

  /** `seqlens_k` counts from the last place, hence the − 1. */
  #writeLengths(slots: RowBuffers, lengths: readonly number[], total: number): void {
    const { queue } = this.#device;
    queue.writeBuffer(
      slots.buffers[LENGTH] as GPUBuffer,
      0,
      Int32Array.from(lengths, (length) => length - 1),
    );
    queue.writeBuffer(this.#total, 0, Int32Array.of(total));
  }

  /** The tokens that were chosen become the selected rows' last ones, and are on their way to us. */
  #take(pass: Pass, slots: RowBuffers): Submitted {
    const [last, chosen] = [slots.buffers[LAST], slots.buffers[CHOSEN]] as [GPUBuffer, GPUBuffer];
    const encoder = this.#device.createCommandEncoder();
    if (pass.draws) this.#sampler?.encode(encoder, pass.draws, chosen);
    for (const row of pass.selected) {
      encoder.copyBufferToBuffer(chosen, row * TOKEN_BYTES, last, row * TOKEN_BYTES, TOKEN_BYTES);
    }
    const read = this.#reader.read(encoder, chosen, pass.slots.length);
    const logits = this.#readsLogits ? this.#logitsOf(encoder, pass) : null;
    this.#device.queue.submit([encoder.finish()]);
    return { tokens: this.#checked(read(), pass.selected), ...(logits && { logits: logits() }) };
  }

  /** Adds the copy to `encoder`; call the result once that has been submitted. */
  #logitsOf(encoder: GPUCommandEncoder, { slots: { length: rows }, selected }: Pass) {
    const { vocabularySize } = this.#config;
    const size = rows * vocabularySize * Float32Array.BYTES_PER_ELEMENT;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = this.#device.createBuffer({ label: LOGITS, size, usage });
    const source = this.#sampler?.logits(bucketOf(rows, this.#tensor)) as GPUBuffer;
    encoder.copyBufferToBuffer(source, 0, staging, 0, size);
    return async () => {
      await staging.mapAsync(GPUMapMode.READ);
      const all = new Float32Array(staging.getMappedRange().slice(0));
      staging.destroy();
      return selected.map((row) => all.subarray(row * vocabularySize, (row + 1) * vocabularySize));
    };
  }

  /** Prompts for slots that are not the first ones: computed in rows of their own, then copied to their places. */
  async #prefillAside(pass: Pass): Promise<Submitted> {
    await this.#aside.reserve(bucketOf(pass.slots.length, this.#tensor));
    const begun = pass.slots.map((from, to) => ({ from, to })).filter(({ to }) => pass.before[to]);
    this.#slots.copyTo(this.#aside, begun);
    const submitted = await this.#prefill(pass, this.#aside);
    const placed = pass.slots.map((to, from) => ({ from, to }));
    this.#aside.copyTo(this.#slots, placed);
    return submitted;
  }

  async #checked(read: Promise<number[]>, selected: readonly number[]): Promise<number[]> {
    const tokens = await read;
    if (this.#fault) throw new HeadwayError('backend-failed', this.#fault);
    return selected.map((row) => tokens[row] as number);
  }
}
