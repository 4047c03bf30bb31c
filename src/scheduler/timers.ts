import type { Clock, SleepSignal } from '../core/clock';
import type { RequestId } from '../core/request';
import { SortedList } from './queue';

/**
 * A sleep that a signal cuts short; one sleeper at a time. A signal sent while no one sleeps makes the next sleep return at
 * once. The alarm is its own abort signal, since it rings at every step and an `AbortController` each time would cost more
 * than the step.
 */
export class Alarm implements SleepSignal {
  /** Rung since the last sleep. */
  aborted = false;
  /** End of the present or last sleep, unless the alarm rings earlier: ms on the clock. */
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

  /** @param at ms on the clock; `Infinity` sleeps until the alarm rings */
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

interface Deadline {
  readonly id: RequestId;
  /** ms. */
  readonly at: number;
  readonly order: number;
}

/** Deadlines of requests, in the order in which they pass. */
export class Deadlines {
  readonly #byId = new Map<RequestId, Deadline>();
  readonly #line = new SortedList<Deadline>((a, b) => a.at - b.at || a.order - b.order);
  #set = 0;

  /** The earliest deadline, ms; Infinity if there is none. */
  get next(): number {
    return this.#line.first?.at ?? Number.POSITIVE_INFINITY;
  }

  set(id: RequestId, at: number): void {
    const deadline = { id, at, order: this.#set++ };
    this.#byId.set(id, deadline);
    this.#line.add(deadline);
  }

  forget(id: RequestId): void {
    const deadline = this.#byId.get(id);
    if (!deadline) return;
    this.#byId.delete(id);
    this.#line.remove(deadline);
  }

  /** Removes the deadlines that have passed and returns their requests, earliest first. */
  takePassed(now: number): RequestId[] {
    const passed: RequestId[] = [];
    for (let first = this.#line.first; first && first.at <= now; first = this.#line.first) {
      passed.push(first.id);
      this.forget(first.id);
    }
    return passed;
  }
}
