/** Silent for this long, a worker that serves is frozen or gone. It beats each second and is looked at four times. */
const SERVING_MS = 3500;
/** A pass that was announced may take this many times what it was expected to take. */
const PATIENCE = 10;
/** Compilation blocks the thread, and how long it takes nobody knows. */
const LOADING_MS = 5 * 60_000;
/** A longer time between two looks is the watcher's own: a tab or a machine that slept. */
const LONGEST_LOOK_MS = 1000;

/**
 * Judges a worker by its beats: silent for more than 3.5 s while it serves, or for ten times as long as it expected to be
 * busy where that is more, or for five minutes while it loads. Time is what the looks say and passes with them alone, so
 * it is no verdict that a laptop slept, a tab was hidden, or a busy page hears beats and looks late, as long as it hears
 * them in their order.
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

  /** @param at when somebody decided to look, ms @returns ms of silence when they are too many, else null */
  look(at: number): number | null {
    this.#silentMs += Math.min(at - (this.#at ?? at), LONGEST_LOOK_MS);
    this.#at = at;
    return this.#silentMs > this.#limitMs ? this.#silentMs : null;
  }
}
