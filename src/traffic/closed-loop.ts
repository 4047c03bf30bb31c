import type { ArrivalConfig } from '../core/load-config';

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
 * time or for an answer. How many wait for an answer the caller knows.
 */
export class ClosedLoop {
  /** Ascending, ms. */
  #due: number[] = [];
  #config: ArrivalConfig;
  readonly #joinMs: number;
  #clients = 0;

  /** @param joinMs least time between the first requests of two clients that join together, ms */
  constructor(config: ArrivalConfig, now: number, joinMs = 0) {
    this.#config = config;
    this.#joinMs = joinMs;
    this.change(config, now);
  }

  get nextDue(): number {
    return this.#due[0] ?? Number.POSITIVE_INFINITY;
  }

  /**
   * New clients join one after another, so that their first requests are no burst that inflates the tail; those that will
   * think are spread over their think time, as they are when they have run for long. Of surplus ones those that wait to
   * send leave now, the rest after their answer.
   */
  change(config: ArrivalConfig, now: number): void {
    this.#config = config;
    const wanted = config.concurrency;
    const joining = Math.max(0, wanted - this.#clients);
    this.#stagger(joining, now, config.thinkTimeMs);
    this.#clients += joining;
    while (this.#clients > wanted && this.#due.pop() !== undefined) this.#clients -= 1;
  }

  /** The clients held still for so many ms until `now`. Those that were answered meanwhile send one after another, as if they joined. */
  resume(pausedMs: number, now: number): void {
    const due = this.#due.map((at) => at + pausedMs);
    this.#due = due.filter((at) => at > now);
    this.#stagger(due.length - this.#due.length, now, 0);
  }

  /** Takes the earliest client that wants to send by `now`; it then waits for an answer. @returns its time, or null */
  takeDue(now: number): number | null {
    return this.nextDue <= now ? (this.#due.shift() ?? null) : null;
  }

  /**
   * A client's request, sent at `sent`, was finished at `finished`: the client leaves if it is surplus, or its next request
   * is due when it has thought. That the news of the answer takes time is no thinking: it shows as send lag.
   */
  answered(completed: boolean, sent: number, finished: number): void {
    const { concurrency, thinkTimeMs } = this.#config;
    if (this.#clients > concurrency) {
      this.#clients -= 1;
      return;
    }
    const ready = finished + thinkTimeMs;
    this.#wait(completed ? ready : Math.max(ready, sent + UNSERVED_PACING_MS));
  }

  #stagger(clients: number, now: number, thinkTimeMs: number): void {
    const staggerMs = Math.min(STAGGER_MS * clients, LONGEST_STAGGER_MS);
    const within = Math.max(staggerMs, this.#joinMs * clients, thinkTimeMs);
    for (let i = 0; i < clients; i++) this.#wait(now + (i * within) / clients);
  }

  #wait(until: number): void {
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1] ?? 0) > until) place -= 1;
    this.#due.splice(place, 0, until);
  }
}
