import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Pass } from './sequences';

/** What the last run answered: present [B, Hkv, width, D] of each tensor, in the order of the names. */
interface Resident {
  readonly slots: readonly number[];
  /** Tokens of each row that are real. */
  readonly lengths: readonly number[];
  readonly tensors: readonly Ort.Tensor[];
}

/**
 * The cache in JavaScript memory. onnxruntime copies what a run is fed into the WASM heap and what it answers out of it, so
 * a pass is fed no more than its rows cut to their longest. While the same rows go on, the answer of one run is fed to the
 * next as it is; when others join or leave, the rows go through their slots' places [slots, Hkv, T, D] in `#stores`.
 */
export class WasmCache {
  readonly #ort: typeof Ort;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  #stores: Float32Array[];
  #resident: Resident | null = null;

  constructor(ort: typeof Ort, config: DecoderConfig) {
    this.#ort = ort;
    this.#config = config;
    this.#names = cacheNames(config.layers);
    this.#stores = this.#names.map(() => new Float32Array(0));
  }

  /** The `past_key_values` that the pass is fed. */
  past(pass: Pass): Record<string, Ort.Tensor> {
    const goesOn = this.#resident?.slots.join() === pass.slots.join() && pass.inputIds === null;
    const tensors = goesOn ? (this.#resident as Resident).tensors : this.#gather(pass);
    return Object.fromEntries(this.#names.map(({ past }, i) => [past, tensors[i] as Ort.Tensor]));
  }

  /** Takes over what the run answered. */
  keep({ slots, after }: Pass, results: Readonly<Record<string, Ort.Tensor>>): void {
    const tensors = this.#names.map(({ present }) => results[present] as Ort.Tensor);
    this.#resident = { slots, lengths: after, tensors };
  }

  copyRow(from: number, to: number): void {
    this.#store();
    this.#reserve(Math.max(from, to) + 1);
    const size = this.#headSize * this.#config.kvHeads;
    for (const store of this.#stores) store.copyWithin(to * size, from * size, (from + 1) * size);
  }

  /** Elements of one head of one slot. */
  get #headSize(): number {
    return this.#config.contextLength * this.#config.headDim;
  }

  #gather({ slots, before }: Pass): Ort.Tensor[] {
    this.#store();
    this.#reserve(Math.max(...slots) + 1);
    const { kvHeads, headDim } = this.#config;
    const width = Math.max(...before);
    return this.#stores.map((store) => {
      const gathered = new Float32Array(slots.length * kvHeads * width * headDim);
      this.#eachHead(slots, (place, row, headRow) => {
        const real = (before[row] as number) * headDim;
        gathered.set(store.subarray(place, place + real), headRow * width * headDim);
      });
      return new this.#ort.Tensor('float32', gathered, [slots.length, kvHeads, width, headDim]);
    });
  }

  /** Brings the resident rows to their slots' places. */
  #store(): void {
    if (!this.#resident) return;
    const { slots, lengths, tensors } = this.#resident;
    this.#resident = null;
    this.#reserve(Math.max(...slots) + 1);
    const { headDim } = this.#config;
    this.#stores.forEach((store, i) => {
      const { data, dims } = tensors[i] as Ort.Tensor;
      const width = dims[2] as number;
      this.#eachHead(slots, (place, row, headRow) => {
        const at = headRow * width * headDim;
        store.set((data as Float32Array).subarray(at, at + (lengths[row] as number) * headDim), place);
      });
    });
  }

  #reserve(slots: number): void {
    const size = slots * this.#headSize * this.#config.kvHeads;
    if ((this.#stores[0]?.length ?? 0) >= size) return;
    this.#stores = this.#stores.map((store) => {
      const grown = new Float32Array(size);
      grown.set(store);
      return grown;
    });
  }

  #eachHead(slots: readonly number[], visit: (place: number, row: number, headRow: number) => void): void {
    const { kvHeads } = this.#config;
    slots.forEach((slot, row) => {
      for (let head = 0; head < kvHeads; head++) {
        visit((slot * kvHeads + head) * this.#headSize, row, row * kvHeads + head);
      }
    });
  }
}
