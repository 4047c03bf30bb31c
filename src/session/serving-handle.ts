import * as Comlink from 'comlink';
import type { ServingControl } from '../core/engine';
import type { HeadwayError } from '../core/errors';
import { Watchdog } from './watchdog';
import { WorkerHandle } from './worker-handle';

/** A new serving worker, watched: one that freezes, or goes without a word, fails as one that crashes does. */
export class ServingHandle extends WorkerHandle<ServingControl> {
  readonly #watchdog = new Watchdog();

  constructor(onFailure: (error: HeadwayError) => void) {
    // The bundler finds a worker by this very expression, so the address stands inside it.
    const worker = new Worker(new URL('../engine/worker/serving-worker.ts', import.meta.url), {
      type: 'module',
      name: 'serving',
    });
    super(worker, 'serving', onFailure);
    const beat = (busyMs: number | null) => this.#watchdog.beat(busyMs);
    // A worker that fails before it answers is nobody's news here.
    this.call((control) => control.watch(Comlink.proxy(beat))).catch(() => {});
  }

  /**
   * To be called four times a second for another worker's message, which no hidden tab slows down as it does a timer, with
   * that message's own stamp, ms: a page that is late is late for the beats as well.
   */
  look(at: number): void {
    const silentMs = this.#watchdog.look(at);
    if (silentMs === null) return;
    this.fail(`The serving worker is frozen or gone: it was silent for ${(silentMs / 1000).toFixed(1)} s.`);
  }
}
