import type { StepRow } from '../core/backend';
import { HeadwayError } from '../core/errors';
import type { Sampling } from '../core/request';
import { type Draw, drawOf } from './sampling/draw';

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
  /** Of each row, how its token is drawn, [B]; null where it is the likeliest, and for all if all are. */
  readonly draws: readonly (Draw | null)[] | null;
}

/** What is known of each slot before its tokens are: how many it has in the cache, and how the next is chosen. */
export class Sequences {
  readonly #slots = new Map<number, { readonly length: number; readonly sampling: Sampling | null }>();
  readonly #contextLength: number;

  constructor(contextLength: number) {
    this.#contextLength = contextLength;
  }

  /** @throws HeadwayError `invalid-state` for a chunk that does not begin where its slot ends, or that has company */
  prefill(rows: readonly StepRow[]): Pass {
    for (const row of rows) this.#begin(row, rows.length);
    const prompts = rows.map(({ tokens }) => tokens ?? []);
    const width = Math.max(...prompts.map(({ length }) => length));
    const inputIds = new BigInt64Array(rows.length * width);
    prompts.forEach((tokens, row) => {
      tokens.forEach((token, i) => {
        inputIds[row * width + i] = BigInt(token);
      });
    });
    return this.#commit({
      slots: rows.map(({ slot }) => slot),
      width,
      inputIds,
      before: rows.map(({ start }) => start),
      after: rows.map(({ start }, row) => start + (prompts[row]?.length ?? 0)),
      lastIndex: prompts.map(({ length }) => length - 1),
      selected: rows.map((_, row) => row),
    });
  }

  /**
   * A full sequence computes its last position again, so that a padding row never leaves the cache.
   * @param slots all that the pass covers, those that only fill it up included
   */
  decode(wanted: readonly number[], slots: readonly number[]): Pass {
    // A slot that was never used counts as an empty sequence: its row is computed and means nothing.
    const before = slots.map((slot) => Math.min(this.#slots.get(slot)?.length ?? 0, this.#contextLength - 1));
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

  copy(from: number, to: number): void {
    const copied = this.#slots.get(from);
    if (copied) this.#slots.set(to, copied);
    else this.#slots.delete(to);
  }

  #begin({ slot, start, sampling }: StepRow, rows: number): void {
    const length = start === 0 ? 0 : this.#slots.get(slot)?.length;
    if (length !== start || (start > 0 && rows > 1)) {
      throw new HeadwayError(
        'invalid-state',
        `A chunk must go alone and begin where its slot ends, at ${length}; given: from ${start} on, in a pass of ${rows} rows.`,
      );
    }
    this.#slots.set(slot, { length: start, sampling });
  }

  #commit(pass: Omit<Pass, 'draws'>): Pass {
    const draws = pass.slots.map((): Draw | null => null);
    for (const row of pass.selected) {
      const slot = pass.slots[row] as number;
      const length = pass.after[row] as number;
      const { sampling = null } = this.#slots.get(slot) ?? {};
      this.#slots.set(slot, { length, sampling });
      draws[row] = sampling && drawOf(sampling, length);
    }
    return { ...pass, draws: orNull(draws) };
  }
}

/** Some rows of a pass, as a pass of its own. */
export function part(pass: Pass, rows: readonly number[]): Pass {
  if (rows.length === pass.slots.length) return pass;
  const pick = <Item>(list: readonly Item[]) => rows.map((row) => list[row] as Item);
  const lastIndex = pick(pass.lastIndex);
  const width = Math.max(...lastIndex) + 1;
  const { inputIds: all } = pass;
  const inputIds = all && new BigInt64Array(rows.length * width);
  rows.forEach((row, i) => {
    const begin = row * pass.width;
    if (all) inputIds?.set(all.subarray(begin, begin + width), i * width);
  });
  return {
    slots: pick(pass.slots),
    width,
    inputIds,
    before: pick(pass.before),
    after: pick(pass.after),
    lastIndex,
    selected: rows.flatMap((row, i) => (pass.selected.includes(row) ? i : [])),
    draws: pass.draws && orNull(pick(pass.draws)),
  };
}

const orNull = (draws: readonly (Draw | null)[]) => (draws.some((draw) => draw !== null) ? draws : null);
