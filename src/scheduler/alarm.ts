import type { Clock, SleepSignal } from '../core/clock';

/**
 * A sleep that others can cut short; one sleeper at a time. If it is rung while nobody sleeps, the next sleep is none.
 * It is rung at every step, so it is its own signal: an `AbortController` each time would cost more than the step.
 */
export class Alarm implements SleepSignal {
  /** Rung since the last sleep. */
  aborted = false;
  /** When the sleep under way, or the last one, ends by itself: ms on the clock. */
  endsAt = Number.NEGATIVE_INFINITY;
  readonly #clock: Clock;
  #wake: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.aborted = true;
    this.#wake();
  }

  /** @param at ms on the clock; `Infinity` waits for the ring alone */
  async sleepUntil(at: number): Promise<void> {
    this.endsAt = at;
    await this.#clock.sleep(at - this.#clock.now(), this);
    this.aborted = false;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#wake = listener;
  }

  removeEventListener(): void {
    this.#wake = () => {};
  }
}
