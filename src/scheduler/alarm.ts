import type { Clock } from '../core/clock';

/** A sleep that others can cut short. If it is rung while nobody sleeps, the next sleep is none. */
export class Alarm {
  readonly #clock: Clock;
  #sleep: AbortController | null = null;
  #rung = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    // Without a reason of our own the platform would make an error, with its stack, each time.
    this.#sleep?.abort('rung');
  }

  /** @param ms `Infinity` waits for the ring alone */
  async sleep(ms: number): Promise<void> {
    if (!this.#rung) {
      this.#sleep = new AbortController();
      await this.#clock.sleep(ms, this.#sleep.signal);
      this.#sleep = null;
    }
    this.#rung = false;
  }
}
