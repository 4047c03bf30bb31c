import * as Comlink from 'comlink';
import type { HeadwayError } from '../core/errors';
import type { SlotNews } from '../core/slots';
import type { TraceInfo } from '../core/trace';
import type { LoadUpdate, TraceFile } from '../core/traffic-control';
import { LoadHandle } from './load-handle';

type OnSlots = ((news: SlotNews) => void) | null;

/** The page's load worker: where it has failed, a new one takes its place, with what the last one was given. */
export class LoadKeeper {
  readonly #onUpdate: (update: LoadUpdate) => void;
  readonly #onFailure: (error: HeadwayError) => void;
  #handle: LoadHandle;
  #trace: TraceFile | null = null;
  #onSlots: OnSlots = null;

  constructor(onUpdate: (update: LoadUpdate) => void, onFailure: (error: HeadwayError) => void) {
    this.#onUpdate = onUpdate;
    this.#onFailure = onFailure;
    this.#handle = new LoadHandle(onUpdate, onFailure, false);
  }

  /** The one that lives. */
  get current(): LoadHandle {
    if (!this.#handle.open) this.#handle = this.#renewed();
    return this.#handle;
  }

  /** @throws HeadwayError `invalid-trace` */
  async setTrace(file: TraceFile): Promise<TraceInfo> {
    const info = await this.current.call((load) => load.setTrace(file));
    this.#trace = file;
    return info;
  }

  watchSlots(onSlots: OnSlots): Promise<void> {
    this.#onSlots = onSlots;
    return watch(this.current, onSlots);
  }

  #renewed(): LoadHandle {
    const load = new LoadHandle(this.#onUpdate, this.#onFailure, true);
    const trace = this.#trace;
    // It was read before, and whether its file has gone since, the load's own preview says.
    if (trace) load.call((worker) => worker.setTrace(trace)).catch(() => {});
    // One that fails again is replaced again.
    if (this.#onSlots) watch(load, this.#onSlots).catch(() => {});
    return load;
  }
}

const watch = (load: LoadHandle, onSlots: OnSlots): Promise<void> =>
  load.call((worker) => worker.watchSlots(onSlots && Comlink.proxy(onSlots)));
