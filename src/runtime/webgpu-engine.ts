import type * as Ort from 'onnxruntime-web';
import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Engine, Submitted } from './decoder-backend';
import { RowBuffers, type RowLayout } from './row-buffers';
import { attentionMask, type Pass } from './sequences';
import { TokenReader } from './token-reader';

/** Attention costs by the width of the mask, so it is cut to the longest row, in steps so that few shapes occur. */
const TOTAL_STEP = 16;
const TOKEN_BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * Cache and tokens on the GPU. Of the cache there is one buffer [slots, Hkv, T, D] a tensor, which is past and present of
 * a run at once, so nothing is copied; a run binds its first rows. The next token is chosen on the GPU and fed back there,
 * so a pass can follow a pass without JavaScript having seen a token; the tokens are read behind.
 */
export class WebGpuEngine implements Engine {
  readonly rowsFromZero = true;
  readonly passesAhead = 2;
  readonly #ort: typeof Ort;
  readonly #decoder: Ort.InferenceSession;
  readonly #sampler: Ort.InferenceSession;
  readonly #device: GPUDevice;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  readonly #layouts: readonly RowLayout[];
  /** Each slot's last token [1] first, then its rows of the cache. */
  readonly #slots: RowBuffers;
  readonly #reader: TokenReader;
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
    const rowBytes = config.kvHeads * config.contextLength * config.headDim * Float32Array.BYTES_PER_ELEMENT;
    const cache = this.#names.map(({ past }) => ({ name: past, rowBytes }));
    this.#layouts = [{ name: 'last_token', rowBytes: TOKEN_BYTES }, ...cache];
    this.#slots = new RowBuffers(device, this.#layouts);
    this.#reader = new TokenReader(device);
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault = `the GPU reported an error: ${error.message}`;
    });
    void device.lost.then(({ reason, message }) => {
      this.#fault = `the GPU device was lost (${reason}): ${message}`;
    });
  }

  submit(pass: Pass): Promise<Submitted> {
    this.#slots.reserve(Math.max(...pass.slots) + 1);
    const inPlace = pass.slots.every((slot, row) => slot === row);
    return inPlace ? this.#run(pass, this.#slots) : this.#prefillAside(pass);
  }

  copyRow(from: number, to: number): Promise<void> {
    this.#slots.reserve(Math.max(from, to) + 1);
    this.#slots.move({ from, to });
    return Promise.resolve();
  }

  async dispose(): Promise<void> {
    this.#slots.destroy();
    this.#reader.destroy();
    await this.#decoder.release();
    await this.#sampler.release();
  }

  /** Row i of the pass over row i of `slots`. */
  async #run(pass: Pass, slots: RowBuffers): Promise<Submitted> {
    const { Tensor } = this.#ort;
    const rows = pass.slots.length;
    const { feeds, fetches } = this.#bind(pass, slots);
    const { logits } = await this.#decoder.run(feeds, fetches);
    const last = new Tensor('int64', BigInt64Array.from(pass.lastIndex, BigInt), [rows, 1]);
    const { next } = await this.#sampler.run({ logits: logits as Ort.Tensor, last_index: last });
    const encoder = this.#device.createCommandEncoder();
    const chosen = next?.gpuBuffer as GPUBuffer;
    for (const row of pass.selected) {
      const at = row * TOKEN_BYTES;
      encoder.copyBufferToBuffer(chosen, at, slots.buffers[0] as GPUBuffer, at, TOKEN_BYTES);
    }
    const read = this.#reader.read(encoder, chosen, rows);
    this.#device.queue.submit([encoder.finish()]);
    logits?.dispose();
    next?.dispose();
    return { tokens: this.#checked(read(), pass.selected) };
  }

  #bind(pass: Pass, slots: RowBuffers) {
    const { Tensor } = this.#ort;
    const { kvHeads, contextLength, headDim } = this.#config;
    const rows = pass.slots.length;
    const [tokens, ...cache] = slots.buffers;
    const longest = Math.max(...pass.after);
    const total = pass.inputIds
      ? longest
      : Math.min(contextLength, TOTAL_STEP * Math.ceil(longest / TOTAL_STEP));
    const feeds: Record<string, Ort.Tensor> = {
      input_ids: pass.inputIds
        ? new Tensor('int64', pass.inputIds, [rows, pass.width])
        : Tensor.fromGpuBuffer(tokens as GPUBuffer, { dataType: 'int64', dims: [rows, 1] }),
      attention_mask: new Tensor('int64', attentionMask(pass.after, total), [rows, total]),
    };
    const fetches: Record<string, Ort.Tensor | null> = { logits: null };
    this.#names.forEach(({ past, present }, i) => {
      const dims = [rows, kvHeads, contextLength, headDim];
      const tensor = Tensor.fromGpuBuffer(cache[i] as GPUBuffer, { dataType: 'float32', dims });
      feeds[past] = tensor;
      fetches[present] = tensor;
    });
    return { feeds, fetches };
  }

  /** Prompts for slots that are not the first ones: computed in rows of their own, then copied to their places. */
  async #prefillAside(pass: Pass): Promise<Submitted> {
    const aside = new RowBuffers(this.#device, this.#layouts, pass.slots.length);
    try {
      const submitted = await this.#run(pass, aside);
      aside.copyTo(
        this.#slots,
        pass.slots.map((to, from) => ({ from, to })),
      );
      return submitted;
    } finally {
      aside.destroy();
    }
  }

  async #checked(read: Promise<number[]>, selected: readonly number[]): Promise<number[]> {
    const tokens = await read;
    if (this.#fault) throw new HeadwayError('backend-failed', this.#fault);
    return selected.map((row) => tokens[row] as number);
  }
}
