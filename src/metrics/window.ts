import { SLOT_MS, Slot } from './slot';

export const WINDOW_SLOTS = 10;

/** A ring of one-second slots: the present second and the nine before, or less since the last `restart`. */
export class SlidingWindow {
  readonly #ring = Array.from({ length: WINDOW_SLOTS }, () => new Slot());
  #begin: number;
  #newest = -1;

  /** @param at ms */
  constructor(at: number) {
    this.#begin = at;
  }

  /** Forgets everything before `at`, ms. */
  restart(at: number): void {
    this.#begin = at;
    this.#newest = -1;
    for (const slot of this.#ring) slot.reuse(-1);
  }

  /** Forgets who met the objectives, and nothing else. */
  forgetJudgements(): void {
    for (const slot of this.#ring) slot.judged = slot.good = 0;
  }

  /** When the window was last started anew, ms. */
  get begin(): number {
    return this.#begin;
  }

  /** The slot that counts what happened `at`; null for what the window has passed or began after. */
  slotAt(at: number): Slot | null {
    const second = Math.floor(at / SLOT_MS);
    if (at < this.#begin || second <= this.#newest - WINDOW_SLOTS) return null;
    const slot = this.#ring[second % WINDOW_SLOTS];
    if (!slot) return null;
    if (slot.second !== second) slot.reuse(second);
    this.#newest = Math.max(this.#newest, second);
    return slot;
  }

  /** The slots up to `at`, oldest first, each present even if nothing happened in it; and where the window begins. */
  view(at: number): { readonly from: number; readonly slots: readonly Slot[] } {
    const last = Math.floor(at / SLOT_MS);
    const first = Math.max(Math.floor(this.#begin / SLOT_MS), last - WINDOW_SLOTS + 1);
    const slots: Slot[] = [];
    for (let second = first; second <= last; second++) {
      const slot = this.slotAt(Math.max(this.#begin, second * SLOT_MS));
      if (slot) slots.push(slot);
    }
    return { from: Math.max(this.#begin, first * SLOT_MS), slots };
  }
}
