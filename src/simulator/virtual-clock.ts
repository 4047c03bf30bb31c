import type { Clock, SleepSignal } from '../core/clock';
import { SortedList } from '../scheduler/queue';

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
  readonly #sleepers = new SortedList<Sleeper>((a, b) => a.wakeAt - b.wakeAt || a.order - b.order);
  /** Lets everything that is ready run until it sleeps or waits again; the host's way, e.g. `setImmediate`. */
  readonly #turn: () => Promise<void>;
  #now = 0;
  #order = 0;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  /** When the next sleeper wakes; Infinity if there is none. */
  get next(): number {
    return this.#sleepers.first?.wakeAt ?? Number.POSITIVE_INFINITY;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: SleepSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = {
        wakeAt: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', sleeper.wake);
          this.#sleepers.remove(sleeper);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake);
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets `ms` pass, waking everyone on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#turn();
    while (this.next <= end) await this.#wakeNext();
    this.#now = end;
  }

  /** Lets time pass until no sleeper with a wake time is left. */
  async run(): Promise<void> {
    await this.#turn();
    while (this.next < Number.POSITIVE_INFINITY) await this.#wakeNext();
  }

  async #wakeNext(): Promise<void> {
    this.#now = Math.max(this.#now, this.next);
    this.#sleepers.first?.wake();
    await this.#turn();
  }
}
