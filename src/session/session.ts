import * as Comlink from 'comlink';
import { commandsOf, TRAFFIC_COMMANDS, type Traffic, type TrafficUpdate } from '../core/commands';
import type { LoadProgress, ModelChoice, ServingInfo } from '../core/engine';
import { HeadwayError, type PlainError, toPlain } from '../core/errors';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { systemClock } from '../core/system-clock';
import { ReplacementBudget } from './supervision';
import { PAGE_WORKERS, ServingHandle, type TrafficHandle, TrafficKeeper, type Workers } from './workers';

/** What a session tells by itself. */
export interface SessionListeners {
  readonly onUpdate: (update: TrafficUpdate) => void;
  /** The serving worker froze or crashed. Its requests have failed, and what is sent fails until `onReplaced`. */
  readonly onReplacing: (error: PlainError) => void;
  /** A new worker serves the same model on the same kind of backend, under the configuration in force. */
  readonly onReplaced: (info: ServingInfo) => void;
  /** Nothing is served any more, and nothing is sent; another model can be loaded. */
  readonly onLost: (error: PlainError) => void;
}

/** What the store needs of the workers: the page gives it the session, a test one that lives in memory. */
export interface SessionPort {
  /** Every command of the traffic worker. */
  readonly traffic: Traffic;
  /**
   * Stops the load, lets the present model finish, and serves another.
   * @throws HeadwayError when it cannot be served; nothing is served then, and another can be loaded
   */
  loadModel(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo>;
  /**
   * Ends the loading of a model: `loadModel` rejects with `load-cancelled`, and what was downloaded is kept. A worker that
   * compiles handles no message, so it is terminated.
   */
  cancelLoad(): void;
  /**
   * Changes the configuration; in force from the next batch on. The serving worker's answer decides: a change that it
   * refuses is in force nowhere, neither in it nor in a worker that replaces it. While a model loads, the answer comes when
   * it has loaded. Without a worker, any allowed value is accepted, and whether it fits is found when a model is loaded.
   * @returns the whole configuration in force
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; `worker-failed` when the worker failed before it answered
   */
  configure(changes: Partial<ServingConfig>): Promise<ServingConfig>;
}

/**
 * The page's hold on both workers. The traffic worker lives as long as the page. Each model gets a serving worker of its
 * own, so that leaving a model frees all of its memory and a failed one leaves nothing behind. A serving worker that fails
 * while it serves is replaced. When the traffic worker fails, both are replaced: the serving worker would go on computing
 * for clients that are gone.
 */
export class Session implements SessionPort {
  readonly traffic: Traffic;
  readonly #start: Workers;
  readonly #keeper: TrafficKeeper;
  /** The traffic worker that has read the model's tokenizer and prompts, and a remark on these. */
  #prepared: { readonly by: TrafficHandle; readonly note: string | null } | null = null;
  readonly #listeners: SessionListeners;
  #serving: ServingHandle | null = null;
  #served: { readonly choice: ModelChoice; readonly info: ServingInfo } | null = null;
  /** In force: confirmed by the serving worker, or set while there is none. The next worker starts with it. */
  #config: ServingConfig = DEFAULT_SERVING_CONFIG;
  /** Resolves when the next serving worker has been given `#config`, or when it is certain that there is none. */
  #handedOver: Promise<void> = Promise.resolve();
  #budget = new ReplacementBudget();
  /** Counts the models asked for: replacing a worker ends where another model is wanted. */
  #wish = 0;

  constructor(listeners: SessionListeners, workers = PAGE_WORKERS) {
    this.#start = workers;
    this.#listeners = listeners;
    this.#keeper = new TrafficKeeper(
      workers.traffic,
      (update) => {
        this.#serving?.look(update.snapshot.at);
        listeners.onUpdate(update);
      },
      (error) => this.#failed(error),
    );
    const run = this.#keeper.run.bind(this.#keeper);
    this.traffic = { ...commandsOf(TRAFFIC_COMMANDS, run), measure: (...of) => this.#measure(...of) };
  }

  async loadModel(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    await this.traffic.stop();
    this.#wish += 1;
    this.#budget = new ReplacementBudget();
    return this.#handOver(async (handedOver) => {
      await this.#leave(this.#serving, 'Another model is being loaded.');
      this.#prepared = null;
      return this.#serve(choice, onProgress, handedOver);
    });
  }

  cancelLoad(): void {
    if (!this.#served) this.#serving?.close(new HeadwayError('load-cancelled', 'Loading was cancelled.'));
  }

  async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    changeServingConfig(this.#config, changes);
    for (;;) {
      const handedOver = this.#handedOver;
      await handedOver;
      if (handedOver !== this.#handedOver) continue;
      const serving = this.#serving;
      if (!serving?.open) {
        this.#config = changeServingConfig(this.#config, changes);
        return this.#config;
      }
      try {
        const config = await serving.call((control) => control.configure(changes));
        if (this.#serving !== serving) continue;
        this.#config = config;
        return config;
      } catch (error) {
        // A worker that was ended on purpose, for another model or by a cancelled load, has refused nothing: the next is asked.
        if (serving.open || serving.failure) throw error;
      }
    }
  }

  /** Ends both workers. */
  close(): void {
    this.#wish += 1;
    this.#served = null;
    this.#serving?.close();
    this.#keeper.close();
  }

  /**
   * `onProgress` is never called after the end.
   * @throws HeadwayError `worker-failed` when the serving worker fails meanwhile: figures of two servers are no result
   */
  async #measure(...[run, onProgress]: Parameters<Traffic['measure']>): ReturnType<Traffic['measure']> {
    const serving = this.#serving;
    if (!serving) throw new HeadwayError('invalid-state', 'No model is served; load one first.');
    // Progress has a port of its own, so the last of it may arrive after the result.
    let over = false;
    const report = (done: number, total: number) => {
      if (!over) onProgress?.(done, total);
    };
    try {
      return await serving.call(() => this.#keeper.run('measure', [run, report]));
    } catch (error) {
      if (this.#serving === serving) throw error;
      throw new HeadwayError('worker-failed', `The measurement has no result. ${toPlain(error).message}`);
    } finally {
      over = true;
    }
  }

  /** A worker has failed. Until a model is served, `loadModel` reports it. */
  #failed(error: HeadwayError): void {
    if (!this.#served) return;
    const { choice, info } = this.#served;
    void this.#replace(sameAgain(choice, info), error);
  }

  /** Runs `change`, which replaces the serving worker. `configure` waits until `handedOver` was called or `change` has ended. */
  async #handOver<Result>(change: (handedOver: () => void) => Promise<Result>): Promise<Result> {
    let handedOver = () => {};
    this.#handedOver = new Promise((resolve) => {
      handedOver = resolve;
    });
    try {
      return await change(handedOver);
    } finally {
      handedOver();
    }
  }

  /** @throws HeadwayError when the worker cannot serve; it is closed then */
  async #serve(
    choice: ModelChoice,
    onProgress: (progress: LoadProgress) => void,
    handedOver: () => void,
  ): Promise<ServingInfo> {
    const serving: ServingHandle = new ServingHandle(this.#start.serving(), (error) => {
      if (this.#serving === serving) this.#failed(error);
    });
    this.#serving = serving;
    try {
      // Messages arrive in order, so changes from now on come after this configuration and after the load's begin.
      const configured = serving.call((control) => control.configure(this.#config));
      const loading = serving.call((control) => control.load(choice, Comlink.proxy(onProgress)));
      handedOver();
      const [, loaded] = await Promise.all([configured, loading]);
      const said = await serving.call(() => this.#prepare(choice, loaded));
      await this.#connect(serving);
      const info = { ...loaded, note: [loaded.note, said].filter(Boolean).join(' ') || null };
      this.#served = { choice, info };
      return info;
    } catch (error) {
      await this.#leave(serving, toPlain(error).message);
      throw error;
    }
  }

  /** In a new worker, until one serves or too many have failed. The load goes on meanwhile: what it sends fails at once. */
  #replace(choice: ModelChoice, failure: HeadwayError): Promise<void> {
    const wish = this.#wish;
    return this.#handOver(async (handedOver) => {
      let error = toPlain(failure);
      while (this.#budget.spend(systemClock.now())) {
        this.#listeners.onReplacing(error);
        try {
          await this.#leave(this.#serving, error.message);
          if (wish !== this.#wish) return;
          const info = await this.#serve(choice, () => {}, handedOver);
          if (wish === this.#wish) this.#listeners.onReplaced(info);
          return;
        } catch (again) {
          if (wish !== this.#wish) return;
          error = toPlain(again);
        }
      }
      const message = `${error.message} It was the fourth failure within a minute, so it was not replaced again.`;
      // A traffic worker that fails once more has nothing to stop.
      await this.#leave(this.#serving, message).catch(() => {});
      await this.traffic.stop().catch(() => {});
      if (wish === this.#wish) this.#listeners.onLost({ code: 'worker-failed', message });
    });
  }

  /** Reads tokenizer and prompts unless the present traffic worker has. Returns a remark on them. */
  async #prepare(choice: ModelChoice, { model }: ServingInfo): Promise<string | null> {
    const by = this.#keeper.current;
    if (this.#prepared?.by !== by) {
      const prepared = { ...choice, contextLength: model.contextLength };
      this.#prepared = { by, note: await by.call((traffic) => traffic.prepare(prepared)) };
    }
    return this.#prepared.note;
  }

  /** A port gives no sign when its other end has died, so the traffic worker must be told. @param reason a sentence */
  async #leave(serving: ServingHandle | null, reason: string): Promise<void> {
    serving?.close();
    if (this.#serving !== serving) return;
    this.#serving = null;
    this.#served = null;
    await this.traffic.abortMeasure();
    await this.#keeper.current.call((traffic) => traffic.disconnect(reason));
  }

  async #connect(serving: ServingHandle): Promise<void> {
    const { current } = this.#keeper;
    if (current !== this.#prepared?.by) {
      throw new HeadwayError('worker-failed', 'The traffic worker failed just before the model was ready.');
    }
    const { port1, port2 } = new MessageChannel();
    await serving.call((control) => control.connect(Comlink.transfer(port1, [port1])));
    await serving.call(() => current.call((traffic) => traffic.connect(Comlink.transfer(port2, [port2]))));
  }
}

/** On the kind of backend that it was served on: figures must not change machine half-way. */
function sameAgain(choice: ModelChoice, { adapter }: ServingInfo): ModelChoice {
  return { ...choice, backend: adapter.kind === 'webgpu' ? 'webgpu' : 'wasm' };
}
