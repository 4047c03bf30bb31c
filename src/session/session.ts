import * as Comlink from 'comlink';
import type { LoadProgress, ModelChoice, ServingInfo } from '../core/engine';
import { HeadwayError, type PlainError, toPlain } from '../core/errors';
import type { Sample, Slo } from '../core/figures';
import type { GenerateSampling, LoadConfig } from '../core/load-config';
import type { KeptModel, ModelAddress } from '../core/model';
import type { RequestId } from '../core/request';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import type { SlotNews } from '../core/slots';
import { systemClock } from '../core/system-clock';
import type { TraceInfo, TracePreview } from '../core/trace';
import type {
  Generated,
  GeneratePrompt,
  InspectedModel,
  LoadUpdate,
  MeasuredRun,
  Measurement,
  TraceFile,
} from '../core/traffic-control';
import { ReplacementBudget } from './supervision';
import { PAGE_WORKERS, ServingHandle, type TrafficHandle, TrafficKeeper, type Workers } from './workers';

/** What a session tells by itself. */
export interface SessionListeners {
  readonly onUpdate: (update: LoadUpdate) => void;
  /** The serving worker froze or crashed. Its requests have failed, and what is sent fails until `onReplaced`. */
  readonly onReplacing: (error: PlainError) => void;
  /** A new worker serves the same model on the same kind of backend, under the configuration in force. */
  readonly onReplaced: (info: ServingInfo) => void;
  /** Nothing is served any more, and nothing is sent; another model can be loaded. */
  readonly onLost: (error: PlainError) => void;
}

/**
 * The page's hold on both workers. The traffic worker lives as long as the page. Each model gets a serving worker of its
 * own, so that leaving a model frees all of its memory and a failed one leaves nothing behind. A serving worker that fails
 * while it serves is replaced. When the traffic worker fails, both are replaced: the serving worker would go on computing
 * for clients that are gone.
 */
export class Session {
  readonly #start: Workers;
  readonly #traffic: TrafficKeeper;
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
    this.#traffic = new TrafficKeeper(
      workers.traffic,
      (update) => {
        this.#serving?.look(update.snapshot.at);
        listeners.onUpdate(update);
      },
      (error) => this.#failed(error),
    );
  }

  /**
   * Stops the load, lets the present model finish, and serves another.
   * @throws HeadwayError when it cannot be served; nothing is served then, and another can be loaded
   */
  async loadModel(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    await this.#load.call((load) => load.stop());
    this.#wish += 1;
    this.#budget = new ReplacementBudget();
    return this.#handOver(async (handedOver) => {
      await this.#leave(this.#serving, 'Another model is being loaded.');
      this.#prepared = null;
      return this.#serve(choice, onProgress, handedOver);
    });
  }

  /**
   * Ends the loading of a model: `loadModel` rejects with `load-cancelled`, and what was downloaded is kept. A worker that
   * compiles handles no message, so it is terminated.
   */
  cancelLoad(): void {
    if (!this.#served) this.#serving?.close(new HeadwayError('load-cancelled', 'Loading was cancelled.'));
  }

  inspectModel(address: ModelAddress): Promise<InspectedModel> {
    return this.#load.call((load) => load.inspect(address));
  }

  keptModels(): Promise<readonly KeptModel[]> {
    return this.#load.call((load) => load.keptModels());
  }

  removeKeptModel(model: Pick<KeptModel, 'name' | 'revision'>): Promise<void> {
    return this.#load.call((load) => load.removeKeptModel(model));
  }

  /**
   * Changes the configuration; in force from the next batch on. The serving worker's answer decides: a change that it
   * refuses is in force nowhere, neither in it nor in a worker that replaces it. While a model loads, the answer comes when
   * it has loaded. Without a worker, any allowed value is accepted, and whether it fits is found when a model is loaded.
   * @returns the whole configuration in force
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; `worker-failed` when the worker failed before it answered
   */
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

  /** Starts the load, or changes it while it runs. @throws HeadwayError `invalid-parameter`, `invalid-state` */
  startLoad(config: LoadConfig, paused?: boolean): Promise<void> {
    this.#mustServe();
    return this.#load.call((load) => load.start(config, paused));
  }

  pauseLoad(): Promise<void> {
    return this.#load.call((load) => load.pause());
  }

  resumeLoad(): Promise<void> {
    return this.#load.call((load) => load.resume());
  }

  /** So many requests at once, beside the load. */
  burst(count: number, config: LoadConfig): Promise<void> {
    this.#mustServe();
    return this.#load.call((load) => load.burst(count, config));
  }

  /** Resolves when everything that was sent has settled. */
  stopLoad(): Promise<void> {
    return this.#load.call((load) => load.stop());
  }

  /** @throws HeadwayError `invalid-trace` */
  setTrace(file: TraceFile): Promise<TraceInfo> {
    return this.#traffic.setTrace(file);
  }

  previewTrace(load: LoadConfig, contextLength: number | null): Promise<TracePreview | null> {
    return this.#load.call((worker) => worker.previewTrace(load, contextLength));
  }

  setSlo(slo: Slo): Promise<void> {
    return this.#traffic.setSlo(slo);
  }

  /** See `LoadControl`. */
  watchSlots(onNews: ((news: SlotNews) => void) | null): Promise<void> {
    return this.#traffic.watchSlots(onNews);
  }

  /** The visitor's own sentence, beside the load. */
  send(text: string): Promise<Sample> {
    this.#mustServe();
    return this.#load.call((load) => load.send(text));
  }

  /** Gives up what `send` sent. */
  cancel(id: RequestId): Promise<void> {
    return this.#load.call((load) => load.cancel(id));
  }

  generate(
    prompts: readonly GeneratePrompt[],
    sampling?: Partial<GenerateSampling>,
  ): Promise<readonly Generated[]> {
    this.#mustServe();
    return this.#load.call((load) => load.generate(prompts, sampling));
  }

  /**
   * One measured run; the live load must be stopped. `onProgress` gets requests done and expected, never after the end.
   * @throws HeadwayError `worker-failed` when the serving worker fails meanwhile: what two servers did is nobody's figure
   */
  async measure(run: MeasuredRun, onProgress: (done: number, total: number) => void): Promise<Measurement> {
    const serving = this.#mustServe();
    // Progress comes by a port of its own, so the last of it may be slower than the result.
    let over = false;
    const report = (done: number, total: number) => {
      if (!over) onProgress(done, total);
    };
    try {
      return await serving.call(() => this.#load.call((load) => load.measure(run, Comlink.proxy(report))));
    } catch (error) {
      if (this.#serving === serving) throw error;
      throw new HeadwayError('worker-failed', `The measurement has no result. ${toPlain(error).message}`);
    } finally {
      over = true;
    }
  }

  /** Ends the measured run under way, which then returns what had settled. */
  abortMeasure(): Promise<void> {
    return this.#load.call((load) => load.abortMeasure());
  }

  /** Ends both workers. */
  close(): void {
    this.#wish += 1;
    this.#served = null;
    this.#serving?.close();
    this.#traffic.close();
  }

  get #load(): TrafficHandle {
    return this.#traffic.current;
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
      this.#listeners.onLost({ code: 'worker-failed', message });
      // All is told by now; a traffic worker that fails once more has nothing to stop.
      await this.#leave(this.#serving, message).catch(() => {});
      await this.#load.call((load) => load.stop()).catch(() => {});
    });
  }

  /** Reads tokenizer and prompts unless the present traffic worker has. Returns a remark on them. */
  async #prepare(choice: ModelChoice, { model }: ServingInfo): Promise<string | null> {
    const by = this.#load;
    if (this.#prepared?.by !== by) {
      const prepared = { ...choice, contextLength: model.contextLength };
      this.#prepared = { by, note: await by.call((worker) => worker.prepare(prepared)) };
    }
    return this.#prepared.note;
  }

  /** A port gives no sign when its other end has died, so the traffic worker must be told. @param reason a sentence */
  async #leave(serving: ServingHandle | null, reason: string): Promise<void> {
    serving?.close();
    if (this.#serving !== serving) return;
    this.#serving = null;
    this.#served = null;
    await this.#load.call((load) => load.abortMeasure());
    await this.#load.call((load) => load.disconnect(reason));
  }

  async #connect(serving: ServingHandle): Promise<void> {
    const load = this.#load;
    if (load !== this.#prepared?.by) {
      throw new HeadwayError('worker-failed', 'The load worker failed just before the model was ready.');
    }
    const { port1, port2 } = new MessageChannel();
    await serving.call((control) => control.connect(Comlink.transfer(port1, [port1])));
    await serving.call(() => load.call((worker) => worker.connect(Comlink.transfer(port2, [port2]))));
  }

  #mustServe(): ServingHandle {
    if (this.#serving) return this.#serving;
    throw new HeadwayError('invalid-state', 'No model is served; load one first.');
  }
}

/** On the kind of backend that it was served on: figures must not change machine half-way. */
function sameAgain(choice: ModelChoice, { adapter }: ServingInfo): ModelChoice {
  return { ...choice, backend: adapter.kind === 'webgpu' ? 'webgpu' : 'wasm' };
}
