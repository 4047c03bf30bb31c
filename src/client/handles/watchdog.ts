/** Silent for this long, a worker that serves is frozen or gone. It beats each second and is looked at four times. */
const SERVING_MS = 4000;
/** A pass that was announced may take this many times what it was expected to take. */
const PATIENCE = 10;
/** Compilation blocks the thread, and how long it takes nobody knows. */
const LOADING_MS = 5 * 60_000;
/** A longer time between two looks is the watcher's own: a tab or a machine that slept. */
const LONGEST_LOOK_MS = 1000;

/**
 * Judges a worker by its beats: silent for more than 4 s while it serves, or for ten times as long as it expected to be
 * busy where that is more, or for five minutes while it loads. Only time in which somebody looked counts, so a laptop that
 * slept and a hidden tab are no verdict. Stamps in ms; `at` never goes back.
 */
export class Watchdog {
  #at: number;
  #silentMs = 0;
  #limitMs = LOADING_MS;

  constructor(at: number) {
    this.#at = at;
  }

  /** @param busyMs for how long the worker may be busy next; null while it loads */
  beat(at: number, busyMs: number | null): void {
    this.#at = at;
    this.#silentMs = 0;
    this.#limitMs = busyMs === null ? LOADING_MS : Math.max(SERVING_MS, PATIENCE * busyMs);
  }

  /** @returns ms of silence when they are too many, else null */
  look(at: number): number | null {
    this.#silentMs += Math.min(at - this.#at, LONGEST_LOOK_MS);
    this.#at = at;
    return this.#silentMs > this.#limitMs ? this.#silentMs : null;
  }
}
