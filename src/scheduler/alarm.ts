import type { Clock, SleepSignal } from '../core/clock';

/**
 * A sleep that others can cut short; one sleeper at a time. If it is rung while nobody sleeps, the next sleep is none.
 * It is rung at every step, so it is its own signal: an `AbortController` each time would cost more than the step.
 */
export class Alarm implements SleepSignal {
  /** Rung since the last sleep. */
  aborted = false;
  readonly #clock: Clock;
  #wake: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.aborted = true;
    this.#wake();
  }

  /** @param ms `Infinity` waits for the ring alone */
  async sleep(ms: number): Promise<void> {
    await this.#clock.sleep(ms, this);
    this.aborted = false;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#wake = listener;
  }

  removeEventListener(): void {
    this.#wake = () => {};
  }
}
