/** ms between the first sends of two clients that join together, and the longest that joining may take. */
const STAGGER_MS = 2;
const LONGEST_STAGGER_MS = 250;

/**
 * A client whose request was not completed sends its next no earlier than this after the last, else a full queue that
 * rejects at once would make a busy loop of it. Known as `minIterationDuration` in k6 and `constant_pacing` in Locust.
 */
const UNSERVED_PACING_MS = 100;

/**
 * The clients of a closed loop, as the times at which they want to send next. A client is either waiting for such a
 * time or for an answer. How many wait for an answer the caller knows and says.
 */
export class ClosedLoop {
  /** Ascending, ms. */
  readonly #due: number[] = [];
  #clients = 0;

  get nextDue(): number {
    return this.#due[0] ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Makes the clients as many as `wanted`. New ones join one after another, so that their first requests are no burst
   * that inflates the tail; of surplus ones those that wait to send leave now, the rest after their answer.
   */
  resize(wanted: number, now: number): void {
    const joining = wanted - this.#clients;
    const stagger = Math.min(STAGGER_MS, LONGEST_STAGGER_MS / Math.max(1, joining));
    for (let i = 0; i < joining; i++) this.#wait(now + i * stagger);
    this.#clients += Math.max(0, joining);
    while (this.#clients > wanted && this.#due.pop() !== undefined) this.#clients -= 1;
  }

  /** Takes the earliest client that wants to send by `now`; it then waits for an answer. @returns its time, or null */
  takeDue(now: number): number | null {
    return this.nextDue <= now ? (this.#due.shift() ?? null) : null;
  }

  /** A client got its answer at `now` to what it sent at `sent`: it leaves if it is surplus, or wants to send again. */
  answered(completed: boolean, sent: number, now: number, wanted: number): void {
    if (this.#clients > wanted) {
      this.#clients -= 1;
      return;
    }
    this.#wait(completed ? now : Math.max(now, sent + UNSERVED_PACING_MS));
  }

  #wait(until: number): void {
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1] ?? 0) > until) place -= 1;
    this.#due.splice(place, 0, until);
  }
}
