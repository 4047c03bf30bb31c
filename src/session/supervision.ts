/** A serving worker that is silent for this long is frozen or gone. It beats each second and is looked at four times. */
const SERVING_MS = 3500;
/** A pass that was announced may take this many times what it was expected to take. */
const PATIENCE = 10;
/** Compilation blocks the thread, and its duration is unknown. */
const LOADING_MS = 5 * 60_000;
/** A longer time between two looks is the watcher's own: a tab or a machine that slept. */
const LONGEST_LOOK_MS = 1000;

/**
 * Judges a worker by its beats. It is frozen when it was silent for more than 3.5 s while it serves, for ten times as long
 * as it expected to be busy where that is more, or for five minutes while it loads. Time passes only with the looks, so a
 * laptop that slept, a hidden tab, or a busy page that hears beats and looks late causes no verdict, as long as it hears
 * them in order.
 */
export class Watchdog {
  #at: number | null = null;
  #silentMs = 0;
  #limitMs = LOADING_MS;

  /** @param busyMs for how long the worker may be busy next; null while it loads */
  beat(busyMs: number | null): void {
    this.#silentMs = 0;
    this.#limitMs = busyMs === null ? LOADING_MS : Math.max(SERVING_MS, PATIENCE * busyMs);
  }

  /** @param at time of the look, ms @returns ms of silence when they exceed the limit, else null */
  look(at: number): number | null {
    this.#silentMs += Math.min(at - (this.#at ?? at), LONGEST_LOOK_MS);
    this.#at = at;
    return this.#silentMs > this.#limitMs ? this.#silentMs : null;
  }
}

const MOST_REPLACEMENTS = 3;
const WITHIN_MS = 60_000;

/** Three replacements within a minute: a worker that fails more often is broken, and more attempts would only hide it. */
export class ReplacementBudget {
  #spent: number[] = [];

  /** Spends one, if there is one left. @param at ms */
  spend(at: number): boolean {
    this.#spent = this.#spent.filter((spent) => at - spent < WITHIN_MS);
    if (this.#spent.length >= MOST_REPLACEMENTS) return false;
    this.#spent.push(at);
    return true;
  }
}
