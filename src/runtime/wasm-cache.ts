import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Pass } from './sequences';

/** As onnxruntime answers: 16-bit floats where JavaScript has them, else their bits. */
const { Float16Array = Uint16Array } = globalThis as { readonly Float16Array?: Uint16ArrayConstructor };
const VALUES = { float32: Float32Array, float16: Float16Array } as const;
type Values = InstanceType<(typeof VALUES)[keyof typeof VALUES]>;

/** The width that a run is fed is a multiple of so many tokens, since a new width moves every row. */
export const WIDTH_STEP = 16;
/** Places of a sequence's first allocation. */
const FIRST_PLACES = 64;
/** Inputs that are kept: those of short rows, of long ones, and of a prompt's chunks. */
const MOST_INPUTS = 4;

/** Keys and values of one sequence, [tensors, Hkv, places, D]. */
interface Sequence {
  values: Values;
  /** It has room for so many. */
  places: number;
  length: number;
}

/** What a run was fed: of each tensor [rows, Hkv, width, D]. */
interface Input {
  width: number;
  tensors: readonly Values[];
  /** Which sequence each row has, and how many of its places: the next run with it is given the new ones alone. */
  rows: { readonly of: Sequence; length: number }[];
  /** Of the runs that used it, the last one's number. */
  usedAt: number;
}

/**
 * The cache in JavaScript memory, sequence by sequence. onnxruntime copies what a run is fed into the WASM heap and what it
 * answers out of it, so a run is fed no more than its own rows, as wide as the longest of them, and answers no more than what
 * it has added. What the last runs were fed is kept: a step that follows a step adds one place to each row.
 */
export class WasmCache {
  readonly #ort: typeof Ort;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  readonly #sequences = new Map<number, Sequence>();
  #inputs: Input[] = [];
  #runs = 0;

  constructor(ort: typeof Ort, config: DecoderConfig) {
    this.#ort = ort;
    this.#config = config;
    this.#names = cacheNames(config.layers);
  }

  /** The `past_key_values` that the pass is fed, and how many places wide: none for new prompts. */
  past({ slots, before }: Pass): { tensors: Record<string, Ort.Tensor>; width: number } {
    const { kvHeads, headDim, cacheType } = this.#config;
    slots.forEach((slot, row) => {
      if (before[row] === 0) this.#sequences.set(slot, this.#newSequence());
    });
    const width = Math.ceil(Math.max(...before) / WIDTH_STEP) * WIDTH_STEP;
    const values = width > 0 ? this.#input(slots, before, width) : this.#names.map(() => this.#allocate(0));
    const size = slots.length * kvHeads * width * headDim;
    const dims = [slots.length, kvHeads, width, headDim];
    const tensors = this.#names.map(({ past }, i) => {
      const data = (values[i] as Values).subarray(0, size) as Float32Array;
      return [past, new this.#ort.Tensor(cacheType, data, dims)] as const;
    });
    return { tensors: Object.fromEntries(tensors), width };
  }

  /** Takes over what a pass has added to the rows that go on: [B, S, tensors × Hkv × D]. */
  append({ selected, slots, width, before, after }: Pass, appended: Ort.Tensor): void {
    const { kvHeads, headDim } = this.#config;
    const tensors = this.#names.length;
    const added = appended.data as Values;
    for (const row of selected) {
      const sequence = this.#sequenceOf(slots[row] as number);
      const [begin, end] = [before[row] as number, after[row] as number];
      this.#grow(sequence, end);
      const { values, places } = sequence;
      let from = row * width * tensors * kvHeads * headDim;
      for (let place = begin; place < end; place++) {
        for (let head = 0; head < tensors * kvHeads; head++) {
          const to = (head * places + place) * headDim;
          for (let d = 0; d < headDim; d++) values[to + d] = added[from++] as number;
        }
      }
      // A full row has computed its last place again.
      if (begin < sequence.length) this.#forget(sequence, begin);
      sequence.length = end;
    }
  }

  /** The sequence goes on in one of the two slots only, so both may have the same one. */
  copyRow(from: number, to: number): void {
    this.#sequences.set(to, this.#sequenceOf(from));
  }

  /** Rows with these sequences and lengths, brought up to date. */
  #input(slots: readonly number[], lengths: readonly number[], width: number): readonly Values[] {
    const sequences = slots.map((slot) => this.#sequenceOf(slot));
    const input = this.#takeInput(sequences, width);
    sequences.forEach((sequence, row) => {
      const length = lengths[row] as number;
      const fed = input.rows[row];
      const begin = fed?.of === sequence ? fed.length : 0;
      if (begin < length) this.#copyPlaces(sequence, begin, length, input, row);
      input.rows[row] = { of: sequence, length: Math.max(begin, length) };
    });
    return input.tensors;
  }

  /** The kept one of this width that has most of the rows already; else a new one in place of the one unused for longest. */
  #takeInput(sequences: readonly Sequence[], width: number): Input {
    const { kvHeads, headDim } = this.#config;
    const size = sequences.length * kvHeads * width * headDim;
    const hits = ({ rows }: Input) => sequences.filter((sequence, row) => rows[row]?.of === sequence).length;
    const same = this.#inputs.filter((input) => input.width === width);
    const best = same.sort((a, b) => hits(b) - hits(a))[0];
    const input = best ?? { width, tensors: [], rows: [], usedAt: 0 };
    if (!best) {
      if (this.#inputs.length >= MOST_INPUTS) {
        this.#inputs.sort((a, b) => b.usedAt - a.usedAt);
        const oldest = this.#inputs.pop();
        input.tensors = oldest?.tensors ?? [];
      }
      this.#inputs.push(input);
    }
    if ((input.tensors[0]?.length ?? 0) < size) {
      input.tensors = this.#names.map(() => this.#allocate(size));
      input.rows = [];
    }
    input.usedAt = ++this.#runs;
    return input;
  }

  #copyPlaces({ values, places }: Sequence, begin: number, end: number, input: Input, row: number): void {
    const { kvHeads, headDim } = this.#config;
    input.tensors.forEach((tensor, i) => {
      for (let head = 0; head < kvHeads; head++) {
        const from = (i * kvHeads + head) * places;
        const to = (row * kvHeads + head) * input.width;
        tensor.set(values.subarray((from + begin) * headDim, (from + end) * headDim), (to + begin) * headDim);
      }
    });
  }

  /** The places from this one on have changed since they were fed. */
  #forget(sequence: Sequence, from: number): void {
    for (const { rows } of this.#inputs) {
      for (const fed of rows) if (fed.of === sequence) fed.length = Math.min(fed.length, from);
    }
  }

  #sequenceOf(slot: number): Sequence {
    const sequence = this.#sequences.get(slot) ?? this.#newSequence();
    this.#sequences.set(slot, sequence);
    return sequence;
  }

  #newSequence(): Sequence {
    return { values: this.#allocate(0), places: 0, length: 0 };
  }

  /** Room for this length: twice as much as before, or what the sequence needs if that is more. */
  #grow(sequence: Sequence, length: number): void {
    if (length <= sequence.places) return;
    const { kvHeads, headDim, contextLength } = this.#config;
    const heads = this.#names.length * kvHeads;
    const places = Math.min(contextLength, Math.max(FIRST_PLACES, 2 * sequence.places, length));
    const values = this.#allocate(heads * places * headDim);
    for (let head = 0; head < heads; head++) {
      const from = head * sequence.places * headDim;
      values.set(sequence.values.subarray(from, from + sequence.length * headDim), head * places * headDim);
    }
    sequence.values = values;
    sequence.places = places;
  }

  #allocate(size: number): Values {
    return new VALUES[this.#config.cacheType](size);
  }
}
