import { type Adapter, type Backend, decodeRows, type MemoryUse, promptRow } from '../../core/backend';
import type { Beat, LoadProgress, ModelChoice, ServingControl, ServingInfo } from '../../core/engine';
import { HeadwayError } from '../../core/errors';
import type { ServingEvent } from '../../core/events';
import type { ServingRequest } from '../../core/request';
import { StatusMachine } from '../../core/runner-status';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  type ServingConfig,
  slotsOf,
} from '../../core/serving-config';
import { systemClock } from '../../core/system-clock';
import type { OpenModel, OpenOptions } from '../../runtime/open-model';
import { Scheduler } from '../../scheduler/scheduler';
import { EventPort } from './event-port';
import { announcePasses, PacedProgress, Pulse } from './progress';

const MEMORY_MS = 1000;
/** How a load stands is told so often, also while nothing comes. */
const TELL_MS = 500;

/** Makes a model ready to compute: the runtime's `openModel`, or a simulated one. */
export type OpenBackend = (options: OpenOptions) => Promise<OpenModel>;

/** A backend under the scheduler, and the client that is connected to it. */
export class ServingEngine implements ServingControl {
  readonly #port = new EventPort({
    submit: (request) => this.#submit(request),
    cancel: (id) => this.#served?.scheduler.cancel(id),
  });
  readonly #open: OpenBackend;
  readonly #pulse = new Pulse();
  #status = this.#newStatus();
  #config: ServingConfig = DEFAULT_SERVING_CONFIG;
  #served: { readonly scheduler: Scheduler; backend: Backend } | null = null;
  /** Settled when no model is being loaded. */
  #loading: Promise<unknown> = Promise.resolve();
  #memory: MemoryUse | null = null;
  #unwatchMemory = () => {};

  /** @param open makes a model ready to compute */
  constructor(open: OpenBackend) {
    this.#open = open;
  }

  load(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    const loading = this.#load(choice, onProgress);
    this.#loading = Promise.allSettled([this.#loading, loading]);
    return loading;
  }

  async #load(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    await this.#leave();
    this.#status.to('loading');
    this.#pulse.loading();
    const paced = new PacedProgress(onProgress, systemClock.now);
    const timer = setInterval(() => paced.tell(), TELL_MS);
    try {
      const { url, name } = choice;
      const model = await this.#open({
        ...choice,
        slots: slotsOf(this.#config),
        onProgress: (progress) => paced.see(progress),
      });
      clearInterval(timer);
      this.#status.to('warming-up');
      const loaded = { loadedBytes: model.bytes, totalBytes: model.bytes };
      onProgress({ stage: 'warm-up', ...loaded, bytesPerS: null, trouble: null });
      const backend = this.#announced(model.backend);
      await warmUp(backend);
      this.#status.to('ready');
      this.#pulse.serving();
      const scheduler = new Scheduler({
        backend,
        clock: systemClock,
        config: this.#config,
        emit: this.#emit,
        renew: (warmingUp) => this.#renew(choice, backend.capabilities.adapter, warmingUp),
      });
      this.#served = { scheduler, backend };
      this.#watchMemory(backend);
      const { adapter, contextLength, vocabularySize, passesAhead, geometry } = backend.capabilities;
      const { sha256, bytes, note } = model;
      const steps = { passesAhead, ...(geometry && { geometry }) };
      return { adapter, note, steps, model: { name, url, sha256, bytes, contextLength, vocabularySize } };
    } catch (error) {
      if (this.#status.current !== 'ready') this.#status.to('idle');
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  connect(port: MessagePort): void {
    this.#port.open(port);
    const at = systemClock.now();
    const { current } = this.#status;
    this.#emit({ type: 'status', at, status: this.#served?.scheduler.status ?? current, reason: null });
    this.#emit({ type: 'configured', at, config: this.#config });
    if (this.#memory) this.#emit({ type: 'memory', at, ...this.#memory });
  }

  async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    // A model that is being loaded was given room for the slots of the configuration in force.
    await this.#loading;
    const changed = this.#served?.scheduler.configure(changes);
    this.#config = changed ?? changeServingConfig(this.#config, changes);
    return this.#config;
  }

  watch(onBeat: Beat): void {
    this.#pulse.start(onBeat);
  }

  #newStatus(): StatusMachine {
    return new StatusMachine((status, reason) =>
      this.#emit({ type: 'status', at: systemClock.now(), status, reason }),
    );
  }

  /** Answers what the present model was sent, and frees its memory. */
  async #leave(): Promise<void> {
    if (!this.#served) return;
    const { scheduler } = this.#served;
    if (scheduler.status !== 'closed') await scheduler.drain();
    // Its device may have been lost, and renewed, while it drained.
    const { backend } = this.#served;
    this.#served = null;
    this.#unwatchMemory();
    await backend.dispose();
    this.#status = this.#newStatus();
  }

  #announced(backend: Backend): Backend {
    return announcePasses(backend, systemClock, (expectedMs) => this.#pulse.pass(expectedMs));
  }

  /** The same model on a new device of the same adapter: figures must not change machine half-way. */
  async #renew(choice: ModelChoice, adapter: Adapter, warmingUp: () => void): Promise<Backend> {
    this.#pulse.loading();
    const model = await this.#open({
      ...choice,
      backend: adapter.kind === 'webgpu' ? 'webgpu' : 'wasm',
      slots: slotsOf(this.#config),
    });
    const backend = this.#announced(model.backend);
    const { name } = backend.capabilities.adapter;
    if (name !== adapter.name) {
      throw new HeadwayError('backend-unavailable', `The GPU came back as ${name}; it was ${adapter.name}.`);
    }
    warmingUp();
    await warmUp(backend);
    if (this.#served) this.#served.backend = backend;
    this.#watchMemory(backend);
    this.#pulse.serving();
    return backend;
  }

  /** Says what lives on the device, once a second where it has changed. */
  #watchMemory(backend: Backend): void {
    const say = () => {
      const use = backend.memory();
      if (use?.bytes === this.#memory?.bytes) return;
      this.#memory = use;
      if (use) this.#emit({ type: 'memory', at: systemClock.now(), ...use });
    };
    say();
    const timer = setInterval(say, MEMORY_MS);
    this.#unwatchMemory = () => clearInterval(timer);
    void backend.lost.then(() => clearInterval(timer));
  }

  readonly #emit = (event: ServingEvent): void => {
    this.#port.send(event);
    // Nothing is served any more, so this is the end of the worker: the page hears of it as of any crash.
    if (event.type === 'status' && event.status === 'closed' && event.reason) {
      reportError(new Error(event.reason));
    }
  };

  #submit(request: ServingRequest): void {
    if (!this.#served) {
      throw new HeadwayError('invalid-state', `No model is served; the worker is ${this.#status.current}.`);
    }
    this.#served.scheduler.submit(request);
  }
}

/** Two short prompts of different lengths and a decode step: every kernel of a batch has run once. */
async function warmUp(backend: Backend): Promise<void> {
  const token = backend.capabilities.eosTokens[0] ?? 0;
  const prompt = (slot: number, length: number) => promptRow(slot, new Array<number>(length).fill(token));
  await backend.step([prompt(0, 3), prompt(1, 2)]);
  await backend.step(decodeRows([0, 1]));
}
