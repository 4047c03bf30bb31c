import type * as Ort from 'onnxruntime-web';
import { lengthGroups, type StepGeometry } from '../core/step-work';
import type { DecoderConfig } from '../model/decoder-config';
import { checkCache, type ModelNeed } from '../model/fit';
import { attendedPlaces } from '../model/onnx/attended-places';
import { APPENDED, POSITIONS, windowOf } from '../model/onnx/cache-outside';
import { LAST_INDEX, LOGITS, NEXT, SEQLENS, TOTAL } from '../model/onnx/serving-graph';
import type { Engine, Submitted } from './decoder-backend';
import { drawToken } from './sampling/draw-token';
import { type Pass, part } from './sequences';
import { WasmCache, WIDTH_STEP } from './wasm-cache';

/** What a pass costs beside its positions, in positions: some 0.3 ms, where a position of the embedded model takes 0.08. */
const PASS_COST = 4;

/** Passes on the CPU. A run blocks the thread, so its tokens are there when it returns. */
export class WasmEngine implements Engine {
  readonly passesAhead = 0;
  readonly geometry: StepGeometry = { bucket: 'rows', groupCost: PASS_COST, widthStep: WIDTH_STEP };
  readonly lost = new Promise<never>(() => {});
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #cache: WasmCache;
  readonly #need: ModelNeed;
  readonly #lastTokens = new Map<number, bigint>();

  /**
   * @param session of a serving graph (`model/onnx/serving-graph`) whose cache is kept outside
   * @param need what the model takes as it is served
   */
  constructor(ort: typeof Ort, session: Ort.InferenceSession, config: DecoderConfig, need: ModelNeed) {
    this.#need = need;
    this.#ort = ort;
    this.#session = session;
    this.#cache = new WasmCache(ort, config);
  }

  /** No others: each sequence is fed by itself. */
  covering(slots: readonly number[]): readonly number[] {
    return slots;
  }

  checkRoom(slots: number): void {
    checkCache('The model', this.#need, slots, { kind: 'wasm' });
  }

  /** onnxruntime does not say how large its heap is. */
  memory(): null {
    return null;
  }

  /**
   * On a CPU padding costs what real tokens cost, so rows go as a few passes of similar lengths: the 8 prompts of a batch of the
   * embedded model would otherwise compute 1.6 times their tokens, and 8 rows of which one is long 7 times their past.
   */
  async submit(pass: Pass, { logits } = { logits: false }): Promise<Submitted> {
    const bySlot = logits ? new Map<number, Float32Array>() : null;
    const rows = pass.slots.map((_, row) => ({
      past: pass.before[row] as number,
      added: (pass.lastIndex[row] as number) + 1,
    }));
    for (const group of lengthGroups(rows, PASS_COST)) await this.#run(part(pass, group), bySlot);
    const slots = pass.selected.map((row) => pass.slots[row] as number);
    return {
      tokens: Promise.resolve(slots.map((slot) => Number(this.#lastTokens.get(slot)))),
      ...(bySlot && { logits: Promise.resolve(slots.map((slot) => bySlot.get(slot) as Float32Array)) }),
    };
  }

  /** @param logits collects them by slot; null where they are not asked for */
  async #run(pass: Pass, logits: Map<number, Float32Array> | null): Promise<void> {
    const { Tensor } = this.#ort;
    const { slots, width, before, after } = pass;
    const rows = slots.length;
    const past = this.#cache.past(pass);
    const inputs: Record<string, Ort.Tensor> = {
      input_ids: new Tensor('int64', pass.inputIds ?? this.#fedBack(pass), [rows, width]),
      [POSITIONS]: new Tensor('int64', positionsOf(pass), [rows, width]),
      ...this.#attended(pass, past.width),
      [SEQLENS]: new Tensor(
        'int32',
        Int32Array.from(after, (length) => length - 1),
        [rows],
      ),
      [TOTAL]: new Tensor('int32', Int32Array.of(Math.max(...before) + width), [1]),
      [LAST_INDEX]: new Tensor('int64', BigInt64Array.from(pass.lastIndex, BigInt), [rows, 1, 1]),
      ...past.tensors,
    };
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [name, inputs[name] as Ort.Tensor]),
    );
    // More would be copied out of the WASM heap.
    const wanted = pass.draws || logits ? [NEXT, APPENDED, LOGITS] : [NEXT, APPENDED];
    const results = await this.#session.run(feeds, wanted);
    this.#cache.append(pass, results[APPENDED] as Ort.Tensor);
    for (const row of pass.selected) {
      const slot = pass.slots[row] as number;
      this.#lastTokens.set(slot, nextOf(row, pass, results));
      logits?.set(slot, rowOf(results[LOGITS] as Ort.Tensor, row));
    }
  }

  /** One for each window that layers have. */
  #attended({ before, width }: Pass, pastWidth: number): Record<string, Ort.Tensor> {
    return Object.fromEntries(
      this.#session.inputNames.flatMap((name) => {
        const window = windowOf(name);
        if (window === null) return [];
        const { places, rows } = attendedPlaces(before, width, pastWidth, window);
        return [[name, new this.#ort.Tensor('bool', places, [rows, 1, width, pastWidth + width])]];
      }),
    );
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

/** Of each new token in its sequence, [B, S]; of padding, some place that there is. */
function positionsOf({ before, width, lastIndex }: Pass): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from({ length: before.length * width }, (_, i) => {
    const row = Math.floor(i / width);
    return BigInt((before[row] as number) + Math.min(i % width, lastIndex[row] as number));
  });
}

/** Drawn here where the row samples, else as the graph chose it. */
function nextOf(row: number, { draws }: Pass, results: Readonly<Record<string, Ort.Tensor>>): bigint {
  const draw = draws?.[row];
  const likeliest = (results[NEXT] as Ort.Tensor).data as BigInt64Array;
  if (!draw) return likeliest[row] as bigint;
  return BigInt(drawToken(rowOf(results[LOGITS] as Ort.Tensor, row), draw));
}

/** Logits of one row. */
function rowOf({ data, dims }: Ort.Tensor, row: number): Float32Array {
  const vocabulary = dims[2] as number;
  return (data as Float32Array).subarray(row * vocabulary, (row + 1) * vocabulary);
}
