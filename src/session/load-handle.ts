import * as Comlink from 'comlink';
import type { HeadwayError } from '../core/errors';
import type { LoadControl, LoadUpdate } from '../core/traffic-control';
import { Watchdog } from './watchdog';
import { WorkerHandle } from './worker-handle';

const LOOK_MS = 1000;
/** Reading a large tokenizer or summing up a long run keeps its thread busy for about so long; ten times that is too long. */
const BUSY_MS = 1000;

/** A new load worker, watched: its four updates a second are its signs of life, and the page looks for them itself. */
export class LoadHandle extends WorkerHandle<LoadControl> {
  readonly #watchdog = new Watchdog();
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param isFetched whether its code is there already, so that it is heard of soon */
  constructor(
    onUpdate: (update: LoadUpdate) => void,
    onFailure: (error: HeadwayError) => void,
    isFetched: boolean,
  ) {
    // The bundler finds a worker by this very expression, so the address stands inside it.
    const worker = new Worker(new URL('./traffic-worker/traffic-worker.ts', import.meta.url), {
      type: 'module',
      name: 'load',
    });
    super(worker, 'load', onFailure);
    const hear = (update: LoadUpdate) => {
      this.#watchdog.beat(BUSY_MS);
      onUpdate(update);
    };
    if (isFetched) this.#watchdog.beat(BUSY_MS);
    // A worker that fails before it answers is nobody's news here.
    this.call((load) => load.subscribe(Comlink.proxy(hear))).catch(() => {});
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  override fail(reason: string): void {
    clearInterval(this.#timer);
    super.fail(reason);
  }

  /** A hidden tab looks more seldom, and each look counts for a second at most, so it is late and never wrong. */
  #look(): void {
    const silentMs = this.#watchdog.look(performance.now());
    if (silentMs === null) return;
    this.fail(`The load worker is frozen or gone: it was silent for ${(silentMs / 1000).toFixed(1)} s.`);
  }
}
