import fc from 'fast-check';
import type * as Ort from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { promptRow } from '../core/backend';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import { type Pass, Sequences } from './sequences';
import { WasmCache } from './wasm-cache';

const CONFIG: DecoderConfig = {
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 3,
  contextLength: 96,
  vocabularySize: 10,
  eosTokens: [],
  cacheType: 'float32',
};
const TENSORS = cacheNames(CONFIG.layers).map(({ past }) => past);

/** All of onnxruntime that the cache uses: it holds its data and dimensions. */
class FakeTensor {
  constructor(
    readonly type: string,
    readonly data: Float32Array,
    readonly dims: readonly number[],
  ) {}
}
const ORT = { Tensor: FakeTensor } as unknown as typeof Ort;

/** The value that a sequence has at a place of one head of a tensor: another one for each. */
const valueAt = (sequence: number, place: number, tensor: number, head: number, d: number): number =>
  (((sequence * 97 + place) * TENSORS.length + tensor) * CONFIG.kvHeads + head) * CONFIG.headDim + d;

/** What a run over the pass would append, of sequences by slot. */
function appended({ slots, width, before }: Pass, sequenceIn: ReadonlyMap<number, number>): Ort.Tensor {
  const values = slots.flatMap((slot, row) =>
    Array.from({ length: width }, (_, i) =>
      TENSORS.flatMap((_, tensor) =>
        Array.from({ length: CONFIG.kvHeads }, (_, head) =>
          Array.from({ length: CONFIG.headDim }, (_, d) =>
            valueAt(sequenceIn.get(slot) ?? -1, (before[row] as number) + i, tensor, head, d),
          ),
        ).flat(),
      ),
    ).flat(),
  );
  return { data: Float32Array.from(values) } as unknown as Ort.Tensor;
}

/** Each row's places up to its length are those of its sequence. */
function expectFed(
  { slots, before }: Pass,
  fed: ReturnType<WasmCache['past']>,
  sequenceIn: ReadonlyMap<number, number>,
) {
  const { kvHeads, headDim } = CONFIG;
  TENSORS.forEach((name, tensor) => {
    const { data, dims } = fed.tensors[name] as unknown as FakeTensor;
    expect(dims).toEqual([slots.length, kvHeads, fed.width, headDim]);
    expect(data.length).toBe(slots.length * kvHeads * fed.width * headDim);
    slots.forEach((slot, row) => {
      const sequence = sequenceIn.get(slot) ?? -1;
      for (let place = 0; place < (before[row] as number); place++) {
        for (let head = 0; head < kvHeads; head++) {
          const at = ((row * kvHeads + head) * fed.width + place) * headDim;
          const expected = Array.from({ length: headDim }, (_, d) =>
            valueAt(sequence, place, tensor, head, d),
          );
          expect(Array.from(data.subarray(at, at + headDim))).toEqual(expected);
        }
      }
    });
  });
}

type Act =
  | { readonly act: 'begin'; readonly slots: readonly number[]; readonly tokens: number }
  | { readonly act: 'chunk'; readonly slots: readonly number[]; readonly tokens: number }
  | { readonly act: 'decode'; readonly slots: readonly number[] }
  | { readonly act: 'copy'; readonly from: number; readonly to: number };

const slots = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });
const tokens = fc.integer({ min: 1, max: 20 });
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('begin' as const), slots, tokens }),
  fc.record({ act: fc.constant('chunk' as const), slots, tokens }),
  { arbitrary: fc.record({ act: fc.constant('decode' as const), slots }), weight: 4 },
  fc.record({ act: fc.constant('copy' as const), from: fc.nat(5), to: fc.nat(5) }),
);

/** The cache under a program, beside what it has to hold. */
class Trial {
  readonly #cache = new WasmCache(ORT, CONFIG);
  readonly #sequences = new Sequences(CONFIG.contextLength);
  readonly #sequenceIn = new Map<number, number>();
  readonly #lengthIn = new Map<number, number>();
  #begun = 0;

  perform(step: Act): void {
    if (step.act === 'copy') this.#copy(step.from, step.to);
    else if (step.act === 'decode')
      this.#run(this.#live(step.slots), (live) => this.#sequences.decode(live, live));
    else this.#prefill(step);
  }

  #copy(from: number, to: number): void {
    if (from === to || !this.#sequenceIn.has(from)) return;
    this.#cache.copyRow(from, to);
    this.#sequences.copy(from, to);
    for (const held of [this.#sequenceIn, this.#lengthIn]) {
      held.set(to, held.get(from) ?? 0);
      held.delete(from);
    }
  }

  #prefill({ act, slots, tokens }: Extract<Act, { readonly tokens: number }>): void {
    if (act === 'begin') {
      for (const slot of slots) this.#sequenceIn.set(slot, this.#begun++);
      for (const slot of slots) this.#lengthIn.set(slot, 0);
    }
    const start = (slot: number) => this.#lengthIn.get(slot) ?? 0;
    const room = this.#live(slots).filter((slot) => start(slot) + tokens <= CONFIG.contextLength);
    const prompt = new Array<number>(tokens).fill(1);
    // A later chunk goes alone.
    const passes = room.every((slot) => start(slot) === 0) ? [room] : room.map((slot) => [slot]);
    for (const slots of passes) {
      this.#run(slots, (live) =>
        this.#sequences.prefill(live.map((slot) => promptRow(slot, prompt, { start: start(slot) }))),
      );
    }
  }

  #live(slots: readonly number[]): readonly number[] {
    return slots.filter((slot) => this.#sequenceIn.has(slot));
  }

  #run(slots: readonly number[], passOf: (slots: readonly number[]) => Pass): void {
    if (slots.length === 0) return;
    const pass = passOf(slots);
    expectFed(pass, this.#cache.past(pass), this.#sequenceIn);
    this.#cache.append(pass, appended(pass, this.#sequenceIn));
    pass.slots.forEach((slot, row) => {
      this.#lengthIn.set(slot, pass.after[row] as number);
    });
  }
}

test('a run is fed the places of its rows, whatever ran before, and no more rows than its own', () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 40 }), (program) => {
      const trial = new Trial();
      for (const step of program) trial.perform(step);
    }),
  );
});
