import type * as Ort from 'onnxruntime-web';
import type { DecoderConfig } from '../model/decoder-config';
import { LAST_INDEX, NEXT, SEQLENS, TOTAL } from '../model/onnx/serving-graph';
import type { Engine, Submitted } from './decoder-backend';
import type { Pass } from './sequences';
import { WasmCache } from './wasm-cache';

/** Passes on the CPU. A run blocks the thread, so its tokens are there when it returns. */
export class WasmEngine implements Engine {
  readonly rowsFromZero = false;
  readonly passesAhead = 0;
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #cache: WasmCache;
  readonly #lastTokens = new Map<number, bigint>();

  /** @param session of a serving graph (`model/onnx/serving-graph`) */
  constructor(ort: typeof Ort, session: Ort.InferenceSession, config: DecoderConfig) {
    this.#ort = ort;
    this.#session = session;
    this.#cache = new WasmCache(ort, config);
  }

  async submit(pass: Pass): Promise<Submitted> {
    const { Tensor } = this.#ort;
    const rows = pass.slots.length;
    const results = await this.#session.run({
      input_ids: new Tensor('int64', pass.inputIds ?? this.#fedBack(pass), [rows, pass.width]),
      [SEQLENS]: new Tensor(
        'int32',
        Int32Array.from(pass.after, (length) => length - 1),
        [rows],
      ),
      [TOTAL]: new Tensor('int32', Int32Array.of(Math.max(...pass.before) + pass.width), [1]),
      [LAST_INDEX]: new Tensor('int64', BigInt64Array.from(pass.lastIndex, BigInt), [rows, 1]),
      ...this.#cache.past(pass),
    });
    this.#cache.keep(pass, results);
    const next = results[NEXT]?.data as BigInt64Array;
    for (const row of pass.selected) this.#lastTokens.set(pass.slots[row] as number, next[row] as bigint);
    return { tokens: Promise.resolve(pass.selected.map((row) => Number(next[row]))) };
  }

  copyRow(from: number, to: number): Promise<void> {
    this.#cache.copyRow(from, to);
    this.#lastTokens.set(to, this.#lastTokens.get(from) ?? 0n);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }

  /** Each slot's last token, [B, 1]. */
  #fedBack({ slots }: Pass): BigInt64Array<ArrayBuffer> {
    return BigInt64Array.from(slots, (slot) => this.#lastTokens.get(slot) ?? 0n);
  }
}
