import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import { APPENDED, LAST_INDEX, LOGITS, NEXT, SEQLENS, TOTAL } from '../model/onnx/serving-graph';
import type { Engine, Submitted } from './decoder-backend';
import { lengthGroups } from './length-groups';
import { drawToken } from './sampling/draw-token';
import { type Pass, part } from './sequences';
import { WasmCache } from './wasm-cache';

/** What a pass costs beside its positions, in positions: some 0.4 ms, where a position of the embedded model takes 0.1. */
const PASS_COST = 4;

/** Passes on the CPU. A run blocks the thread, so its tokens are there when it returns. */
export class WasmEngine implements Engine {
  readonly passesAhead = 0;
  readonly lost = new Promise<never>(() => {});
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #cache: WasmCache;
  /** What a greedy pass has to answer, by its phase; more would be copied out of the WASM heap. */
  readonly #answers: { readonly prefill: readonly string[]; readonly decode: readonly string[] };
  readonly #lastTokens = new Map<number, bigint>();

  /** @param session of a serving graph (`model/onnx/serving-graph`) */
  constructor(ort: typeof Ort, session: Ort.InferenceSession, config: DecoderConfig) {
    this.#ort = ort;
    this.#session = session;
    this.#cache = new WasmCache(ort, config);
    const present = cacheNames(config.layers).map((names) => names.present);
    this.#answers = { prefill: [NEXT, ...present], decode: [NEXT, APPENDED] };
  }

  /** All from the first one on: the cache is fed as it lies. */
  covering(slots: readonly number[]): readonly number[] {
    return Array.from({ length: Math.max(...slots) + 1 }, (_, slot) => slot);
  }

  checkRoom(): void {}

  /** onnxruntime does not say how large its heap is. */
  memory(): null {
    return null;
  }

  /**
   * On a CPU a padded position costs what a real one costs, so prompts are prefilled as a few passes of similar lengths;
   * the 8 of a batch of the embedded model's prompts would otherwise compute 1.6 times their tokens.
   */
  async submit(pass: Pass): Promise<Submitted> {
    if (pass.inputIds) {
      for (const rows of lengthGroups(
        pass.lastIndex.map((index) => index + 1),
        PASS_COST,
      ))
        await this.#run(part(pass, rows));
    } else {
      await this.#run(pass);
    }
    const tokens = pass.selected.map((row) => Number(this.#lastTokens.get(pass.slots[row] as number)));
    return { tokens: Promise.resolve(tokens) };
  }

  async #run(pass: Pass): Promise<void> {
    const { Tensor } = this.#ort;
    const rows = pass.slots.length;
    const feeds = {
      input_ids: new Tensor('int64', pass.inputIds ?? this.#fedBack(pass), [rows, pass.width]),
      [SEQLENS]: new Tensor(
        'int32',
        Int32Array.from(pass.after, (length) => length - 1),
        [rows],
      ),
      [TOTAL]: new Tensor('int32', Int32Array.of(Math.max(...pass.before) + pass.width), [1]),
      [LAST_INDEX]: new Tensor('int64', BigInt64Array.from(pass.lastIndex, BigInt), [rows, 1]),
      ...this.#cache.past(pass),
    };
    const answers = pass.inputIds ? this.#answers.prefill : this.#answers.decode;
    const results = await this.#session.run(feeds, pass.draws ? [...answers, LOGITS] : answers);
    if (pass.inputIds) this.#cache.keep(pass, results);
    else this.#cache.append(pass, results[APPENDED] as Ort.Tensor);
    for (const row of pass.selected)
      this.#lastTokens.set(pass.slots[row] as number, nextOf(row, pass, results));
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

/** Drawn here where the row samples, else as the graph chose it. */
function nextOf(row: number, { draws }: Pass, results: Readonly<Record<string, Ort.Tensor>>): bigint {
  const draw = draws?.[row];
  const likeliest = (results[NEXT] as Ort.Tensor).data as BigInt64Array;
  if (!draw) return likeliest[row] as bigint;
  const { data, dims } = results[LOGITS] as Ort.Tensor;
  const vocabulary = dims[1] as number;
  return BigInt(drawToken((data as Float32Array).subarray(row * vocabulary, (row + 1) * vocabulary), draw));
}
