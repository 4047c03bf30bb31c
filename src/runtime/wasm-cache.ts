import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Pass } from './sequences';

/** As onnxruntime answers: 16-bit floats where JavaScript has them, else their bits. */
const { Float16Array = Uint16Array } = globalThis as { readonly Float16Array?: Uint16ArrayConstructor };
const VALUES = { float32: Float32Array, float16: Float16Array } as const;
type Values = InstanceType<(typeof VALUES)[keyof typeof VALUES]>;

/** The width is a multiple of so many tokens, since changing it moves every row. */
export const WIDTH_STEP = 16;

/**
 * The cache in JavaScript memory, [slots, Hkv, width, D] a tensor. onnxruntime copies what a run is fed into the WASM heap
 * and what it answers out of it, so a run is fed no more than the first rows, as wide as the longest of them, and answers
 * no more than what it has added.
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

  /** The `past_key_values` that the pass is fed, and how many places wide: none for new prompts, else the rows as they lie. */
  past({ inputIds, slots, before, after }: Pass): { tensors: Record<string, Ort.Tensor>; width: number } {
    const { kvHeads, headDim, cacheType } = this.#config;
    this.#fit(Math.max(...slots) + 1, Math.max(...after));
    const width = before.some((length) => length > 0) ? this.#width : 0;
    // A chunk is one row of its own; a step has all rows from the first slot on.
    const from = inputIds && width > 0 ? (slots[0] as number) * this.#rowSize : 0;
    const size = slots.length * kvHeads * width * headDim;
    const dims = [slots.length, kvHeads, width, headDim];
    const tensors = this.#names.map(({ past }, i) => {
      const values = (this.#tensors[i] as Values).subarray(from, from + size);
      return [past, new this.#ort.Tensor(cacheType, values as Float32Array, dims)] as const;
    });
    return { tensors: Object.fromEntries(tensors), width };
  }

  /** Takes over what a pass has added to the rows that go on: [B, S, tensors × Hkv × D]. */
  append({ selected, slots, width, before, after }: Pass, appended: Ort.Tensor): void {
    const { kvHeads, headDim } = this.#config;
    const added = appended.data as Values;
    for (const row of selected) {
      const slot = slots[row] as number;
      const [begin, end] = [before[row] as number, after[row] as number];
      this.#lengths.set(slot, end);
      let from = row * width * this.#tensors.length * kvHeads * headDim;
      for (let place = begin; place < end; place++) {
        for (const tensor of this.#tensors) {
          for (let head = 0; head < kvHeads; head++) {
            const to = slot * this.#rowSize + (head * this.#width + place) * headDim;
            for (let d = 0; d < headDim; d++) tensor[to + d] = added[from++] as number;
          }
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
