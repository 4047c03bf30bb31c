import type * as Ort from 'onnxruntime-web';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import type { Pass } from './sequences';

/** What a run answered: `present` [B, Hkv, width, D] of each tensor, in the order of the names. */
interface Answer {
  readonly rows: number;
  readonly tensors: readonly Ort.Tensor[];
}

/** Where a slot's keys and values are: a row of the last answer that it had a part in. */
interface Place {
  readonly answer: Answer;
  readonly row: number;
}

/**
 * The cache in JavaScript memory. onnxruntime copies what a run is fed into the WASM heap and what it answers out of it, so
 * a pass is fed no more than its rows, cut to the longest of them. There is no other copy: while the same rows go on, the
 * answer of one run is fed to the next as it is; when some join or leave, the new past is gathered from the answers.
 */
export class WasmCache {
  readonly #ort: typeof Ort;
  readonly #config: DecoderConfig;
  readonly #names: ReturnType<typeof cacheNames>;
  readonly #places = new Map<number, Place>();

  constructor(ort: typeof Ort, config: DecoderConfig) {
    this.#ort = ort;
    this.#config = config;
    this.#names = cacheNames(config.layers);
  }

  /** The `past_key_values` that the pass is fed. */
  past(pass: Pass): Record<string, Ort.Tensor> {
    const places = pass.slots.map((slot, row) => (pass.before[row] ? this.#places.get(slot) : undefined));
    const tensors = asTheyAre(places) ?? this.#gather(pass, places);
    return Object.fromEntries(this.#names.map(({ past }, i) => [past, tensors[i] as Ort.Tensor]));
  }

  /** Takes over what the run answered. */
  keep({ slots }: Pass, results: Readonly<Record<string, Ort.Tensor>>): void {
    const tensors = this.#names.map(({ present }) => results[present] as Ort.Tensor);
    const answer = { rows: slots.length, tensors };
    slots.forEach((slot, row) => {
      this.#places.set(slot, { answer, row });
    });
  }

  /** Answers are never written to, so two slots may share a row. */
  copyRow(from: number, to: number): void {
    const place = this.#places.get(from);
    if (place) this.#places.set(to, place);
  }

  /** [B, Hkv, width, D] for rows of different lengths; what is beyond a row's own length is never read. */
  #gather({ slots, before }: Pass, places: readonly (Place | undefined)[]): Ort.Tensor[] {
    const { kvHeads, headDim, cacheType } = this.#config;
    const width = Math.max(...before);
    const dims = [slots.length, kvHeads, width, headDim];
    return this.#names.map((_, tensor) => {
      const gathered = new VALUES[cacheType](slots.length * kvHeads * width * headDim);
      places.forEach((place, row) => {
        if (!place) return;
        const { data, dims: had } = place.answer.tensors[tensor] as Ort.Tensor;
        const head = (had[2] as number) * headDim;
        for (let h = 0; h < kvHeads; h++) {
          const begin = (place.row * kvHeads + h) * head;
          const kept = (data as typeof gathered).subarray(begin, begin + (before[row] as number) * headDim);
          gathered.set(kept, (row * kvHeads + h) * width * headDim);
        }
      });
      return new this.#ort.Tensor(cacheType, gathered, dims);
    });
  }
}

/** As onnxruntime answers: 16-bit floats where JavaScript has them, else their bits. */
const { Float16Array = Uint16Array } = globalThis as { readonly Float16Array?: Uint16ArrayConstructor };
const VALUES = { float32: Float32Array, float16: Float16Array } as const;

/** The tensors of an answer whose rows are just these, in this order; null if there is no such answer. */
function asTheyAre(places: readonly (Place | undefined)[]): readonly Ort.Tensor[] | null {
  const answer = places[0]?.answer;
  if (!answer || answer.rows !== places.length) return null;
  return places.every((place, row) => place?.answer === answer && place.row === row) ? answer.tensors : null;
}
