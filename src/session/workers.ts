import * as Comlink from 'comlink';
import { TRAFFIC_COMMANDS, type Traffic, type TrafficControl, type TrafficUpdate } from '../core/commands';
import type { ServingControl } from '../core/engine';
import { keepErrorCodes } from '../core/error-transfer';
import { HeadwayError } from '../core/errors';
import { Watchdog } from './supervision';

keepErrorCodes(Comlink.transferHandlers);

/** The part of a `Worker` that is used. */
export type WorkerLike = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

/** Starts the workers: the page's own, or a test's. */
export interface Workers {
  readonly serving: () => WorkerLike;
  readonly traffic: () => WorkerLike;
}

/** The bundler finds a worker by this very expression, so each address stands inside it. */
export const PAGE_WORKERS: Workers = {
  serving: () =>
    new Worker(new URL('../engine/worker/serving-worker.ts', import.meta.url), {
      type: 'module',
      name: 'serving',
    }),
  traffic: () =>
    new Worker(new URL('./traffic-worker/traffic-worker.ts', import.meta.url), {
      type: 'module',
      name: 'traffic',
    }),
};

/**
 * A worker and its control. The proxy lives as long as the handle: one that is garbage-collected in the middle of a call
 * hangs it. A worker that fails or is closed rejects every call that waits for it.
 */
class WorkerHandle<Control extends object> {
  readonly control: Comlink.Remote<Control>;
  readonly #worker: WorkerLike;
  readonly #name: string;
  readonly #gone: Promise<never>;
  readonly #onFailure: (error: HeadwayError) => void;
  #open = true;
  #failure: HeadwayError | null = null;
  #reject: (error: HeadwayError) => void = () => {};

  /** @param onFailure called once, when the worker crashes or `fail` is called, unless it was closed before */
  constructor(worker: WorkerLike, name: string, onFailure: (error: HeadwayError) => void) {
    this.#worker = worker;
    this.#name = name;
    this.#onFailure = onFailure;
    this.control = Comlink.wrap<Control>(worker as Comlink.Endpoint);
    this.#gone = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#gone.catch(() => {});
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.fail(`The ${name} worker crashed: ${event.message || 'no reason given'}.`);
    });
  }

  /** Whether it can still be called. */
  get open(): boolean {
    return this.#open;
  }

  /** How it crashed or froze; null while it is open, and when it was closed on purpose. */
  get failure(): HeadwayError | null {
    return this.#failure;
  }

  /** The call's result, or the failure of the worker if that comes first. */
  call<Result>(run: (control: Comlink.Remote<Control>) => Promise<Result>): Promise<Result> {
    return this.#open ? Promise.race([run(this.control), this.#gone]) : this.#gone;
  }

  /** Closes a worker that is of no use any more. @param reason a sentence */
  fail(reason: string): void {
    if (!this.#open) return;
    this.#failure = new HeadwayError('worker-failed', reason);
    this.#end(this.#failure);
    this.#onFailure(this.#failure);
  }

  /** Idempotent. @param error what its calls under way reject with */
  close(error = new HeadwayError('worker-failed', `The ${this.#name} worker was closed.`)): void {
    if (this.#open) this.#end(error);
  }

  #end(error: HeadwayError): void {
    this.#open = false;
    this.#reject(error);
    this.control[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}

const frozen = (name: string, silentMs: number) =>
  `The ${name} worker is frozen or gone: it was silent for ${(silentMs / 1000).toFixed(1)} s.`;

/** A serving worker under a watchdog: a worker that freezes or ends without a message fails as a crashed one does. */
export class ServingHandle extends WorkerHandle<ServingControl> {
  readonly #watchdog = new Watchdog();

  constructor(worker: WorkerLike, onFailure: (error: HeadwayError) => void) {
    super(worker, 'serving', onFailure);
    const beat = (busyMs: number | null) => this.#watchdog.beat(busyMs);
    // A failure at the start is reported by the call that loads a model.
    this.call((control) => control.watch(Comlink.proxy(beat))).catch(() => {});
  }

  /**
   * To be called four times a second on messages of another worker, which a hidden tab does not slow down as it does
   * timers. A page that handles messages late is late for the beats as well, so time is the messages' own.
   * @param at the message's stamp, ms
   */
  look(at: number): void {
    const silentMs = this.#watchdog.look(at);
    if (silentMs !== null) this.fail(frozen('serving', silentMs));
  }
}

const LOOK_MS = 1000;
/** Reading a large tokenizer or summing up a long run keeps its thread busy for about so long; ten times that is too long. */
const BUSY_MS = 1000;

/** A traffic worker under a watchdog: its four updates a second are its signs of life. */
export class TrafficHandle extends WorkerHandle<TrafficControl> {
  readonly #watchdog = new Watchdog();
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param isFetched whether its code was fetched before, so that it starts soon */
  constructor(
    worker: WorkerLike,
    onUpdate: (update: TrafficUpdate) => void,
    onFailure: (error: HeadwayError) => void,
    isFetched: boolean,
  ) {
    super(worker, 'traffic', onFailure);
    const hear = (update: TrafficUpdate) => {
      this.#watchdog.beat(BUSY_MS);
      onUpdate(update);
    };
    if (isFetched) this.#watchdog.beat(BUSY_MS);
    // A failure at the start is reported by the first call that needs the worker.
    this.call((traffic) => traffic.subscribe(Comlink.proxy(hear))).catch(() => {});
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  override fail(reason: string): void {
    clearInterval(this.#timer);
    super.fail(reason);
  }

  override close(error?: HeadwayError): void {
    clearInterval(this.#timer);
    super.close(error);
  }

  /** A hidden tab looks less often. Each look counts for a second at most, so the verdict is late and never wrong. */
  #look(): void {
    const silentMs = this.#watchdog.look(performance.now());
    if (silentMs !== null) this.fail(frozen('traffic', silentMs));
  }
}

type TrafficCommand = keyof typeof TRAFFIC_COMMANDS;

/** The page's traffic worker. A failed one is replaced, and the next is given the last call of each command that is kept. */
export class TrafficKeeper {
  readonly #renew: (isFetched: boolean) => TrafficHandle;
  #handle: TrafficHandle;
  readonly #kept = new Map<TrafficCommand, readonly unknown[]>();

  constructor(
    start: Workers['traffic'],
    onUpdate: (update: TrafficUpdate) => void,
    onFailure: (error: HeadwayError) => void,
  ) {
    this.#renew = (isFetched) => new TrafficHandle(start(), onUpdate, onFailure, isFetched);
    this.#handle = this.#renew(false);
  }

  /** The one that is alive. */
  get current(): TrafficHandle {
    if (!this.#handle.open) {
      this.#handle = this.#renew(true);
      // A worker that fails before it has taken these is replaced in turn, so their failures need no report.
      for (const [name, args] of this.#kept) call(this.#handle, name, args).catch(() => {});
    }
    return this.#handle;
  }

  async run<Name extends TrafficCommand>(
    name: Name,
    args: readonly unknown[],
  ): Promise<Awaited<ReturnType<Traffic[Name]>>> {
    const result = await call(this.current, name, args);
    if (TRAFFIC_COMMANDS[name].kept) this.#kept.set(name, args);
    return result as Awaited<ReturnType<Traffic[Name]>>;
  }

  close(): void {
    this.#handle.close();
  }
}

/** Functions among the arguments are called from the worker. */
function call(handle: TrafficHandle, name: TrafficCommand, args: readonly unknown[]): Promise<unknown> {
  const sent = args.map((arg) => (typeof arg === 'function' ? Comlink.proxy(arg) : arg));
  return handle.call((traffic) => {
    const commands = traffic as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    return (commands[name] as (...given: unknown[]) => Promise<unknown>)(...sent);
  });
}
