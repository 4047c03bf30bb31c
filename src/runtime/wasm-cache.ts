import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Pass } from './sequences';

/** As onnxruntime answers: 16-bit floats where JavaScript has them, else their bits. */
const { Float16Array = Uint16Array } = globalThis as { readonly Float16Array?: Uint16ArrayConstructor };
const VALUES = { float32: Float32Array, float16: Float16Array } as const;
type Values = InstanceType<(typeof VALUES)[keyof typeof VALUES]>;

/** The width is a multiple of so many tokens, since changing it moves every row. */
const WIDTH_STEP = 16;

/**
 * The cache in JavaScript memory, [slots, Hkv, width, D] a tensor. onnxruntime copies what a run is fed into the WASM heap
 * and what it answers out of it, so a run is fed no more than the first rows, as wide as the longest of them, and after a
 * step it answers no more than what the step has added.
 */
export class WasmCache {
  readonly #ort: typeof Ort;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  #tensors: Values[];
  #rows = 0;
  #width = 0;
  /** Tokens of each slot's last sequence, which may be over: nobody says so until another is prefilled there. */
  readonly #lengths = new Map<number, number>();

  constructor(ort: typeof Ort, config: DecoderConfig) {
    this.#ort = ort;
    this.#config = config;
    this.#names = cacheNames(config.layers);
    this.#tensors = this.#names.map(() => this.#allocate(0));
  }

  /** The `past_key_values` that the pass is fed: none for new prompts, else the rows as they lie. */
  past({ inputIds, slots, before, after }: Pass): Record<string, Ort.Tensor> {
    const { kvHeads, headDim, cacheType } = this.#config;
    const begun = before.some((length) => length > 0);
    if (!inputIds) this.#fit(slots.length, Math.max(...after));
    else if (begun) this.#fit(1 + (slots[0] as number), Math.max(...after));
    const width = begun || !inputIds ? this.#width : 0;
    // A chunk is one row of its own; a step has all rows from the first slot on.
    const from = inputIds ? (slots[0] as number) * this.#rowSize : 0;
    const size = slots.length * kvHeads * width * headDim;
    const dims = [slots.length, kvHeads, width, headDim];
    return Object.fromEntries(
      this.#names.map(({ past }, i) => {
        const values = (this.#tensors[i] as Values).subarray(from, from + size);
        return [past, new this.#ort.Tensor(cacheType, values as Float32Array, dims)];
      }),
    );
  }

  /** Takes over the rows of a prefill: `present` [B, Hkv, at least as long as each, D]. */
  keep({ slots, after }: Pass, results: Readonly<Record<string, Ort.Tensor>>): void {
    const { kvHeads, headDim } = this.#config;
    slots.forEach((slot, row) => {
      this.#lengths.set(slot, after[row] as number);
    });
    this.#fit(Math.max(...slots) + 1, 0);
    this.#names.forEach(({ present }, i) => {
      const { data, dims } = results[present] as Ort.Tensor;
      const head = (dims[2] as number) * headDim;
      slots.forEach((slot, row) => {
        for (let h = 0; h < kvHeads; h++) {
          const begin = (row * kvHeads + h) * head;
          const kept = (data as Values).subarray(begin, begin + (after[row] as number) * headDim);
          (this.#tensors[i] as Values).set(kept, slot * this.#rowSize + h * this.#width * headDim);
        }
      });
    });
  }

  /** Takes over what a step has added to the rows that go on: [B, Hkv, tensors × D]. */
  append({ selected, slots, after }: Pass, appended: Ort.Tensor): void {
    const { kvHeads, headDim } = this.#config;
    const added = appended.data as Values;
    for (const row of selected) {
      this.#lengths.set(slots[row] as number, after[row] as number);
      const place = (after[row] as number) - 1;
      for (let h = 0; h < kvHeads; h++) {
        const to = row * this.#rowSize + (h * this.#width + place) * headDim;
        let from = (row * kvHeads + h) * this.#tensors.length * headDim;
        for (const tensor of this.#tensors) {
          for (let d = 0; d < headDim; d++) tensor[to + d] = added[from + d] as number;
          from += headDim;
        }
      }
    }
  }

  copyRow(from: number, to: number): void {
    this.#reshape(Math.max(this.#rows, from + 1, to + 1), this.#width);
    const size = this.#rowSize;
    for (const tensor of this.#tensors) tensor.copyWithin(to * size, from * size, (from + 1) * size);
    this.#lengths.set(to, this.#lengths.get(from) ?? 0);
    this.#lengths.delete(from);
  }

  /** Numbers of one row. */
  get #rowSize(): number {
    return this.#config.kvHeads * this.#width * this.#config.headDim;
  }

  /** Room for so many rows and for this length, and not much more width than that or the longest row needs. */
  #fit(rows: number, length: number): void {
    const longest = Math.max(length, ...this.#lengths.values());
    const width = Math.ceil(longest / WIDTH_STEP) * WIDTH_STEP;
    const narrower = width < this.#width - WIDTH_STEP ? width : this.#width;
    this.#reshape(Math.max(rows, this.#rows), Math.max(width, narrower));
  }

  #reshape(rows: number, width: number): void {
    if (rows === this.#rows && width === this.#width) return;
    const { kvHeads, headDim } = this.#config;
    const [had, has] = [this.#width * headDim, width * headDim];
    const kept = Math.min(had, has);
    this.#tensors = this.#tensors.map((tensor) => {
      const moved = this.#allocate(rows * kvHeads * has);
      for (let head = 0; head < this.#rows * kvHeads; head++) {
        moved.set(tensor.subarray(head * had, head * had + kept), head * has);
      }
      return moved;
    });
    this.#rows = rows;
    this.#width = width;
  }

  #allocate(size: number): Values {
    return new VALUES[this.#config.cacheType](size);
  }
}
