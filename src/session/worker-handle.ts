import * as Comlink from 'comlink';
import { keepErrorCodes } from '../core/error-transfer';
import { HeadwayError } from '../core/errors';

keepErrorCodes(Comlink.transferHandlers);

/**
 * A worker and its control. The proxy lives as long as the handle: one that is garbage-collected in the middle of a call
 * hangs it. A worker that fails or is closed rejects whatever waits for it.
 */
export class WorkerHandle<Control extends object> {
  readonly control: Comlink.Remote<Control>;
  readonly #worker: Worker;
  readonly #name: string;
  readonly #gone: Promise<never>;
  readonly #onFailure: (error: HeadwayError) => void;
  #open = true;
  #reject: (error: HeadwayError) => void = () => {};

  /** @param onFailure called once, when the worker crashes or `fail` is called, unless it was closed before */
  constructor(worker: Worker, name: string, onFailure: (error: HeadwayError) => void = () => {}) {
    this.#worker = worker;
    this.#name = name;
    this.#onFailure = onFailure;
    this.control = Comlink.wrap<Control>(worker);
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

  /** The call's result, or the failure of the worker if that comes first. */
  call<Result>(run: (control: Comlink.Remote<Control>) => Promise<Result>): Promise<Result> {
    return this.#open ? Promise.race([run(this.control), this.#gone]) : this.#gone;
  }

  /** The worker is of no use any more: it is closed, for this reason. @param reason a sentence */
  fail(reason: string): void {
    if (!this.#open) return;
    const error = new HeadwayError('worker-failed', reason);
    this.#close(error);
    this.#onFailure(error);
  }

  /** Idempotent. @param error what its calls under way reject with */
  close(error = new HeadwayError('worker-failed', `The ${this.#name} worker was closed.`)): void {
    if (this.#open) this.#close(error);
  }

  #close(error: HeadwayError): void {
    this.#open = false;
    this.#reject(error);
    this.control[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
