import type { PrefillRow } from '../core/backend';

/** A forward pass in the model's own terms: B rows of S new tokens each, right-padded. */
export interface Pass {
  /** Slot of each row, [B]. */
  readonly slots: readonly number[];
  /** S. */
  readonly width: number;
  /** Token ids, [B, S]. */
  readonly inputIds: BigInt64Array<ArrayBuffer>;
  /** Tokens that each row has in the cache before the pass, [B]. */
  readonly before: readonly number[];
  /** And after it, [B]. */
  readonly after: readonly number[];
  /** Of each row, the index in S of its last real token, [B]. */
  readonly lastIndex: readonly number[];
}

interface Sequence {
  /** Tokens whose keys and values are in the cache. */
  length: number;
  /** Sampled, and not in the cache yet. */
  lastToken: number;
}

/** What each slot holds, on the CPU's side: how long it is and which token comes next. */
export class Sequences {
  readonly #slots = new Map<number, Sequence>();
  readonly #contextLength: number;

  constructor(contextLength: number) {
    this.#contextLength = contextLength;
  }

  prefillPass(rows: readonly PrefillRow[]): Pass {
    const width = Math.max(...rows.map((row) => row.prompt.length));
    const inputIds = new BigInt64Array(rows.length * width);
    rows.forEach(({ prompt }, row) => {
      prompt.forEach((token, i) => {
        inputIds[row * width + i] = BigInt(token);
      });
    });
    const lengths = rows.map((row) => row.prompt.length);
    return {
      slots: rows.map((row) => row.slot),
      width,
      inputIds,
      before: rows.map(() => 0),
      after: lengths,
      lastIndex: lengths.map((length) => length - 1),
    };
  }

  /** A full sequence computes its last position again, so that a padding row never leaves the cache. */
  decodePass(slots: readonly number[]): Pass {
    const sequences = slots.map((slot) => this.#at(slot));
    const before = sequences.map(({ length }) => Math.min(length, this.#contextLength - 1));
    return {
      slots,
      width: 1,
      inputIds: BigInt64Array.from(sequences, ({ lastToken }) => BigInt(lastToken)),
      before,
      after: before.map((length) => length + 1),
      lastIndex: slots.map(() => 0),
    };
  }

  /** `tokens[i]` is the next token of `slots[i]`, which must be in the pass. */
  commit(pass: Pass, slots: readonly number[], tokens: readonly number[]): void {
    slots.forEach((slot, i) => {
      const length = pass.after[pass.slots.indexOf(slot)] as number;
      this.#slots.set(slot, { length, lastToken: tokens[i] as number });
    });
  }

  move(from: number, to: number): void {
    this.#slots.set(to, this.#at(from));
    this.#slots.delete(from);
  }

  /** A slot that was never used counts as an empty sequence: its row is computed and means nothing. */
  #at(slot: number): Sequence {
    return this.#slots.get(slot) ?? { length: 0, lastToken: 0 };
  }
}

/** `attention_mask` [B, total]: 1 for each row's real tokens. */
export function attentionMask(lengths: readonly number[], total: number): BigInt64Array<ArrayBuffer> {
  const mask = new BigInt64Array(lengths.length * total);
  lengths.forEach((length, row) => {
    mask.fill(1n, row * total, row * total + length);
  });
  return mask;
}
