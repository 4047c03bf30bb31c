import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Engine, Submitted } from './decoder-backend';
import { attentionMask, type Pass } from './sequences';

/**
 * The cache in JavaScript memory, one array [slots, Hkv, T, D] a tensor. onnxruntime copies what a run is fed into the
 * WASM heap and what it answers out of it, so each pass is fed only its own rows cut to the longest of them, and only the
 * new columns are kept of the answer.
 */
export class WasmEngine implements Engine {
  readonly rowsFromZero = false;
  /** A run blocks the thread, so nothing could be submitted meanwhile. */
  readonly passesAhead = 0;
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #config: DecoderConfig;
  readonly #tensors: readonly { readonly past: string; readonly present: string; cache: Float32Array }[];
  readonly #lastTokens = new Map<number, number>();

  constructor(ort: typeof Ort, session: Ort.InferenceSession, config: DecoderConfig) {
    this.#ort = ort;
    this.#session = session;
    this.#config = config;
    this.#tensors = cacheNames(config.layers).map((names) => ({ ...names, cache: new Float32Array(0) }));
  }

  async submit(pass: Pass): Promise<Submitted> {
    const tokens = await this.#forward(pass);
    const next = pass.selected.map((row) => tokens[row] as number);
    pass.selected.forEach((row, i) => {
      this.#lastTokens.set(pass.slots[row] as number, next[i] as number);
    });
    return { tokens: Promise.resolve(next) };
  }

  async #forward(pass: Pass): Promise<readonly number[]> {
    const { Tensor } = this.#ort;
    const { kvHeads, headDim } = this.#config;
    this.#reserve(Math.max(...pass.slots) + 1);
    const rows = pass.slots.length;
    const past = Math.max(...pass.before);
    const total = past + pass.width;
    const feeds: Record<string, Ort.Tensor> = {
      input_ids: new Tensor('int64', pass.inputIds ?? this.#fedBack(pass), [rows, pass.width]),
      attention_mask: new Tensor('int64', attentionMask(pass.after, total), [rows, total]),
    };
    for (const tensor of this.#tensors) {
      feeds[tensor.past] = new Tensor('float32', this.#gather(tensor.cache, pass, past), [
        rows,
        kvHeads,
        past,
        headDim,
      ]);
    }
    const results = await this.#session.run(feeds);
    for (const tensor of this.#tensors) {
      this.#scatter(tensor.cache, pass, total, results[tensor.present]?.data as Float32Array);
    }
    return greedy(results.logits as Ort.Tensor, pass.lastIndex);
  }

  copyRow(from: number, to: number): Promise<void> {
    this.#reserve(Math.max(from, to) + 1);
    this.#lastTokens.set(to, this.#lastTokens.get(from) ?? 0);
    const size = this.#rowSize;
    for (const { cache } of this.#tensors) cache.copyWithin(to * size, from * size, (from + 1) * size);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }

  /** Each slot's last token, [B, 1]. */
  #fedBack({ slots }: Pass): BigInt64Array<ArrayBuffer> {
    return BigInt64Array.from(slots, (slot) => BigInt(this.#lastTokens.get(slot) ?? 0));
  }

  get #rowSize(): number {
    const { kvHeads, contextLength, headDim } = this.#config;
    return kvHeads * contextLength * headDim;
  }

  #reserve(slots: number): void {
    const size = slots * this.#rowSize;
    for (const tensor of this.#tensors) {
      if (tensor.cache.length >= size) return;
      const grown = new Float32Array(size);
      grown.set(tensor.cache);
      tensor.cache = grown;
    }
  }

  /** [B, Hkv, past, D] of the pass's rows; columns past a row's own length are never read. */
  #gather(cache: Float32Array, pass: Pass, past: number): Float32Array {
    const gathered = new Float32Array(pass.slots.length * this.#config.kvHeads * past * this.#config.headDim);
    this.#eachHead(pass, (cacheAt, row, headRow) => {
      const kept = (pass.before[row] as number) * this.#config.headDim;
      gathered.set(cache.subarray(cacheAt, cacheAt + kept), headRow * past * this.#config.headDim);
    });
    return gathered;
  }

  /** Keeps the columns before…after of each row of present [B, Hkv, total, D]. */
  #scatter(cache: Float32Array, pass: Pass, total: number, present: Float32Array): void {
    const { headDim } = this.#config;
    this.#eachHead(pass, (cacheAt, row, headRow) => {
      const from = (pass.before[row] as number) * headDim;
      const to = (pass.after[row] as number) * headDim;
      const at = headRow * total * headDim;
      cache.set(present.subarray(at + from, at + to), cacheAt + from);
    });
  }

  #eachHead(pass: Pass, visit: (cacheAt: number, row: number, headRow: number) => void): void {
    const { kvHeads, contextLength, headDim } = this.#config;
    pass.slots.forEach((slot, row) => {
      for (let head = 0; head < kvHeads; head++) {
        visit((slot * kvHeads + head) * contextLength * headDim, row, row * kvHeads + head);
      }
    });
  }
}

/** The first of the largest logits at each row's last real token; logits [B, S, V]. */
function greedy(logits: Ort.Tensor, lastIndex: readonly number[]): number[] {
  const [, width = 0, vocabulary = 0] = logits.dims;
  const values = logits.data as Float32Array;
  return lastIndex.map((last, row) => {
    const at = (row * width + last) * vocabulary;
    let best = at;
    for (let i = at + 1; i < at + vocabulary; i++) {
      if ((values[i] as number) > (values[best] as number)) best = i;
    }
    return best - at;
  });
}
