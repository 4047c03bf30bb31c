import type { Clock } from '../core/clock';

interface Sleeper {
  readonly wakeAt: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Time that passes only when told to. Whoever sleeps is woken in order of time, and among equals in order of falling
 * asleep, so that a run is the same every time.
 */
export class VirtualClock implements Clock {
  readonly #sleepers: Sleeper[] = [];
  /** Lets everything that is ready run until it sleeps or waits again; the host's way, e.g. `setImmediate`. */
  readonly #turn: () => Promise<void>;
  #now = 0;
  #order = 0;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = {
        wakeAt: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', sleeper.wake);
          const at = this.#sleepers.indexOf(sleeper);
          if (at >= 0) this.#sleepers.splice(at, 1);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake);
      const later = this.#sleepers.findIndex((other) => other.wakeAt > sleeper.wakeAt);
      this.#sleepers.splice(later < 0 ? this.#sleepers.length : later, 0, sleeper);
    });
  }

  /** Lets `ms` pass, waking everyone on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#turn();
    for (let next = this.#sleepers[0]; next && next.wakeAt <= end; next = this.#sleepers[0]) {
      this.#now = Math.max(this.#now, next.wakeAt);
      next.wake();
      await this.#turn();
    }
    this.#now = end;
  }

  /** Lets time pass until nobody sleeps who would ever wake. */
  async run(): Promise<void> {
    await this.#turn();
    for (
      let next = this.#sleepers[0];
      next && next.wakeAt < Number.POSITIVE_INFINITY;
      next = this.#sleepers[0]
    ) {
      await this.advance(next.wakeAt - this.#now);
    }
  }
}
