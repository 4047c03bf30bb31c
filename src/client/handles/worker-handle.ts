import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../core/error-transfer';
import { HeadwayError } from '../../core/errors';

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
  #closed = false;
  #reject: (error: HeadwayError) => void = () => {};

  constructor(worker: Worker, name: string, onFailure: (error: HeadwayError) => void = () => {}) {
    this.#worker = worker;
    this.#name = name;
    this.control = Comlink.wrap<Control>(worker);
    this.#gone = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#gone.catch(() => {});
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const error = new HeadwayError(
        'worker-failed',
        `The ${name} worker failed: ${event.message || 'no reason given'}.`,
      );
      this.#reject(error);
      onFailure(error);
    });
  }

  /** The call's result, or the failure of the worker if that comes first. */
  call<Result>(run: (control: Comlink.Remote<Control>) => Promise<Result>): Promise<Result> {
    return Promise.race([run(this.control), this.#gone]);
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reject(new HeadwayError('worker-failed', `The ${this.#name} worker was closed.`));
    this.control[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
