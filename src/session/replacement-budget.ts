const MOST = 3;
const WITHIN_MS = 60_000;

/** Three replacements within a minute: what breaks more often is broken for good, and trying on would only hide it. */
export class ReplacementBudget {
  #spent: number[] = [];

  /** Spends one, if there is one left. @param at ms */
  spend(at: number): boolean {
    this.#spent = this.#spent.filter((spent) => at - spent < WITHIN_MS);
    if (this.#spent.length >= MOST) return false;
    this.#spent.push(at);
    return true;
  }
}
