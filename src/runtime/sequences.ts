import type { PrefillRow } from '../core/backend';

/** A forward pass in the model's own terms: B rows of S new tokens each, right-padded. */
export interface Pass {
  /** Slot of each row, [B]. */
  readonly slots: readonly number[];
  /** S. */
  readonly width: number;
  /** Token ids, [B, S]; null where each slot is fed the token that it got last (S = 1). */
  readonly inputIds: BigInt64Array<ArrayBuffer> | null;
  /** Tokens that each row has in the cache before the pass, [B]. */
  readonly before: readonly number[];
  /** And after it, [B]. */
  readonly after: readonly number[];
  /** Of each row, the index in S of its last real token, [B]. */
  readonly lastIndex: readonly number[];
  /** Rows whose slots go on; the others are computed for the cache's shape alone and keep their state, ascending in slots' order. */
  readonly selected: readonly number[];
}

/** How many tokens of each slot are in the cache: all that a pass must know beforehand. */
export class Sequences {
  readonly #lengths = new Map<number, number>();
  readonly #contextLength: number;

  constructor(contextLength: number) {
    this.#contextLength = contextLength;
  }

  prefill(rows: readonly PrefillRow[]): Pass {
    const width = Math.max(...rows.map((row) => row.prompt.length));
    const inputIds = new BigInt64Array(rows.length * width);
    rows.forEach(({ prompt }, row) => {
      prompt.forEach((token, i) => {
        inputIds[row * width + i] = BigInt(token);
      });
    });
    const lengths = rows.map((row) => row.prompt.length);
    return this.#commit({
      slots: rows.map((row) => row.slot),
      width,
      inputIds,
      before: rows.map(() => 0),
      after: lengths,
      lastIndex: lengths.map((length) => length - 1),
      selected: rows.map((_, row) => row),
    });
  }

  /**
   * A full sequence computes its last position again, so that a padding row never leaves the cache.
   * @param fromZero compute every row up to the highest slot, since the cache is bound in place
   */
  decode(wanted: readonly number[], fromZero: boolean): Pass {
    const slots = fromZero ? Array.from({ length: Math.max(...wanted) + 1 }, (_, slot) => slot) : wanted;
    // A slot that was never used counts as an empty sequence: its row is computed and means nothing.
    const before = slots.map((slot) => Math.min(this.#lengths.get(slot) ?? 0, this.#contextLength - 1));
    return this.#commit({
      slots,
      width: 1,
      inputIds: null,
      before,
      after: before.map((length) => length + 1),
      lastIndex: slots.map(() => 0),
      selected: wanted.map((slot) => slots.indexOf(slot)),
    });
  }

  move(from: number, to: number): void {
    this.#lengths.set(to, this.#lengths.get(from) ?? 0);
    this.#lengths.delete(from);
  }

  #commit(pass: Pass): Pass {
    for (const row of pass.selected) this.#lengths.set(pass.slots[row] as number, pass.after[row] as number);
    return pass;
  }
}

/** Some rows of a prefill pass, as a pass of its own. */
export function part(pass: Pass, rows: readonly number[]): Pass {
  const pick = <Item>(list: readonly Item[]) => rows.map((row) => list[row] as Item);
  const after = pick(pass.after);
  const width = Math.max(...after);
  const inputIds = new BigInt64Array(rows.length * width);
  rows.forEach((row, i) => {
    const begin = row * pass.width;
    inputIds.set(pass.inputIds?.subarray(begin, begin + width) ?? [], i * width);
  });
  return {
    slots: pick(pass.slots),
    width,
    inputIds,
    before: pick(pass.before),
    after,
    lastIndex: pick(pass.lastIndex),
    selected: rows.map((_, i) => i),
  };
}
