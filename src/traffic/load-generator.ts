import type { Clock, Rng } from '../core/clock';
import type { ArrivalConfig, LoadConfig } from '../core/load-config';
import type { Outcome, RequestId, ServingRequest } from '../core/request';
import type { Lengths, Trace } from '../core/trace';
import { ClosedLoop } from './closed-loop';
import { OpenLoop } from './open-loop';
import { Patience } from './patience';
import { TraceLoop } from './trace-loop';

/** One request on its way, with its first two stamps in ms: `scheduled` ≤ `sent`. */
export interface Submission {
  readonly request: ServingRequest;
  /** When the arrival process meant to send it: docs/measurement.md has the rule of each process. */
  readonly scheduled: number;
  readonly sent: number;
}

/** When sending ends by itself; what was sent is still waited for. */
export type LoadLimit = { readonly requests: number } | { readonly durationMs: number } | 'none';

export interface LoadGeneratorOptions {
  readonly clock: Clock;
  readonly config: ClientConfig;
  /** What `trace` arrivals play: once under a limit, else again and again. Without one, nothing arrives then. */
  readonly trace?: Trace | null;
  /** Forked here for the arrivals and the clients' patience. */
  readonly rng: Rng;
  readonly limit: LoadLimit;
  /** Least time between the first requests of two clients of a closed loop, ms. */
  readonly joinMs?: number;
  /** Whether it begins in a pause. */
  readonly paused?: boolean;
  /** Whether the caller calls `wake` at `nextWake`, in virtual time; else it sleeps on the clock by itself. */
  readonly driven?: boolean;
  /** Makes the next request, of these lengths if a trace says so; called once for each that is sent, in the order of sending. */
  readonly next: (lengths: Lengths | null) => ServingRequest;
  /** May answer, with `settled`, before it returns. */
  readonly send: (submission: Submission) => void;
  /** The client of this request goes away; it still settles. */
  readonly abandon: (id: RequestId) => void;
}

type Loop = ClosedLoop | OpenLoop | TraceLoop;

type State =
  | { readonly kind: 'sending' }
  /** The arrival process' clock stands still `since` then, ms. */
  | { readonly kind: 'paused'; readonly since: number }
  | { readonly kind: 'draining' }
  | { readonly kind: 'done' };

type ClientConfig = ArrivalConfig & Pick<LoadConfig, 'abandonShare' | 'abandonAfterMs'>;

/** `clock.sleep` of more than this would overflow a browser's timer. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/**
 * Sends requests as the arrival process says, in real or virtual time. It starts when it is made. A closed-loop client
 * sends its next request in the turn in which it hears of its answer. Whatever is late is sent at once with its own
 * `scheduled`, so that a generator that stalls hides nothing.
 */
export class LoadGenerator {
  /** Resolves when nothing more will be sent and all that was sent has settled. */
  readonly done: Promise<void>;

  readonly #options: LoadGeneratorOptions;
  readonly #arrivals: Rng;
  readonly #tempers: Rng;
  readonly #patience = new Patience();
  #until: number;
  #config: ClientConfig;
  #trace: Trace | null;
  #loop: Loop;
  #left: number;
  #state: State = { kind: 'sending' };
  /** Under way, with the loop that sent it: an answer moves its own loop only. */
  readonly #underWay = new Map<RequestId, { readonly sent: number; readonly loop: Loop }>();
  #wake = new AbortController();
  #wakeAt = Number.NEGATIVE_INFINITY;
  #insideSend = false;
  #resolveDone: () => void = () => {};

  constructor(options: LoadGeneratorOptions) {
    const { clock, config, limit } = options;
    this.#options = options;
    this.#config = config;
    this.#trace = options.trace ?? null;
    this.#arrivals = options.rng.fork('arrivals');
    this.#tempers = options.rng.fork('patience');
    this.#left = limit !== 'none' && 'requests' in limit ? limit.requests : Number.POSITIVE_INFINITY;
    const duration = limit !== 'none' && 'durationMs' in limit ? limit.durationMs : Number.POSITIVE_INFINITY;
    this.#until = clock.now() + duration;
    if (options.paused) this.#state = { kind: 'paused', since: clock.now() };
    this.#loop = this.#newLoop();
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    // Not before the caller holds this object: `send` may answer at once.
    if (!options.driven) void Promise.resolve().then(() => this.#run());
  }

  /** Requests sent and not settled. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  get isDone(): boolean {
    return this.#state.kind === 'done';
  }

  /** When something is due that no answer brings, ms. */
  get nextWake(): number {
    const due =
      this.#state.kind === 'sending' ? Math.min(this.#loop.nextDue, this.#until) : Number.POSITIVE_INFINITY;
    return Math.min(due, this.#patience.nextDue);
  }

  /** Does what is due. */
  wake(): void {
    this.#sendDue();
    for (const id of this.#patience.takeDue(this.#now())) this.#options.abandon(id);
  }

  get paused(): boolean {
    return this.#state.kind === 'paused';
  }

  /** Takes effect at once; what is under way goes on. */
  change(config: ClientConfig, trace: Trace | null): void {
    // What is due by now was meant to be sent as it was.
    this.#sendDue();
    const other =
      config.arrival !== this.#config.arrival || (config.arrival === 'trace' && trace !== this.#trace);
    this.#config = config;
    this.#trace = trace;
    if (other) this.#loop = this.#newLoop();
    else this.#loop.change(config, this.#loopTime());
    this.#wake.abort();
  }

  /**
   * Mean time from an arrival to the next at the rate of the last arrival, ms; null in a closed loop, which has no rate of
   * its own.
   */
  get meanGapMs(): number | null {
    return this.#loop instanceof ClosedLoop ? null : this.#loop.meanGapMs;
  }

  /** Every settlement of a request that this generator sent comes here; others are ignored. @param at when it settled, ms */
  settled(id: RequestId, outcome: Outcome, at: number): void {
    const request = this.#underWay.get(id);
    if (!request) return;
    this.#underWay.delete(id);
    this.#patience.settled(id);
    if (this.#goesOn() && request.loop === this.#loop && this.#loop instanceof ClosedLoop) {
      this.#loop.answered(outcome === 'completed', request.sent, Math.min(at, this.#loopTime()));
    }
    this.#sendDue();
    if (this.nextWake < this.#wakeAt) this.#wake.abort();
    this.#endIfDrained();
  }

  /** Sends nothing until `resume`; what is under way is answered. A limit in time waits, too. */
  pause(): void {
    this.#sendDue();
    if (this.#state.kind === 'sending') this.#state = { kind: 'paused', since: this.#now() };
  }

  /** Goes on where it was paused: what was due then comes as much later as the pause was long, none of it at once. */
  resume(): void {
    if (this.#state.kind !== 'paused') return;
    const now = this.#now();
    const pausedMs = now - this.#state.since;
    this.#state = { kind: 'sending' };
    this.#loop.resume(pausedMs, now);
    this.#until += pausedMs;
    this.#wake.abort();
  }

  /** Sends nothing more. `done` tells when the rest has settled. */
  stop(): void {
    if (this.#goesOn()) this.#state = { kind: 'draining' };
    this.#wake.abort();
    this.#endIfDrained();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  /** The time on the arrival process' own clock, which stands still in a pause. */
  #loopTime(): number {
    return this.#state.kind === 'paused' ? this.#state.since : this.#now();
  }

  #goesOn(): boolean {
    return this.#state.kind === 'sending' || this.#state.kind === 'paused';
  }

  #newLoop(): Loop {
    const now = this.#loopTime();
    switch (this.#config.arrival) {
      case 'closed':
        return new ClosedLoop(this.#config, now, this.#options.joinMs);
      case 'trace':
        return new TraceLoop(this.#config, this.#trace, this.#options.limit === 'none', now);
      default:
        return new OpenLoop(this.#config, this.#arrivals, now);
    }
  }

  async #run(): Promise<void> {
    while (!this.isDone) {
      this.wake();
      if (this.isDone) return;
      this.#wakeAt = this.nextWake;
      this.#wake = new AbortController();
      await this.#sleepUntil(this.#wakeAt, this.#wake.signal);
    }
  }

  /** Also when that is now: the platform's other work must get its turn between two bursts. */
  #sleepUntil(at: number, signal: AbortSignal): Promise<void> {
    if (at === Number.POSITIVE_INFINITY) {
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    const ms = Math.min(Math.max(0, at - this.#now()), LONGEST_SLEEP_MS);
    return this.#options.clock.sleep(ms, signal);
  }

  #sendDue(): void {
    if (this.#state.kind !== 'sending' || this.#insideSend) return;
    this.#insideSend = true;
    const now = this.#now();
    while (this.#left > 0 && this.#loop.nextDue < this.#until) {
      const scheduled = this.#loop.takeDue(now);
      if (scheduled === null) break;
      this.#send(scheduled);
    }
    this.#insideSend = false;
    if (this.#left === 0 || now >= this.#until || this.#isTraceOver()) this.stop();
  }

  /** A trace that is played once has no more to send; a live one waits for whatever comes. */
  #isTraceOver(): boolean {
    if (this.#options.limit === 'none' || !(this.#loop instanceof TraceLoop)) return false;
    return this.#loop.nextDue === Number.POSITIVE_INFINITY;
  }

  #send(scheduled: number): void {
    this.#left -= 1;
    const request = this.#options.next(this.#loop instanceof TraceLoop ? this.#loop.taken : null);
    const sent = this.#now();
    this.#underWay.set(request.id, { sent, loop: this.#loop });
    this.#patience.sent(request.id, sent, this.#tempers.uniform(), this.#config);
    this.#options.send({ request, scheduled, sent });
  }

  #endIfDrained(): void {
    if (this.#state.kind !== 'draining' || this.#underWay.size > 0) return;
    this.#state = { kind: 'done' };
    this.#wake.abort();
    this.#resolveDone();
  }
}
