import * as Comlink from 'comlink';
import type { LoadProgress, ModelChoice, ServingInfo } from '../core/engine';
import { HeadwayError, toPlain } from '../core/errors';
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
  MeasuredRun,
  Measurement,
  TraceFile,
} from '../core/traffic-control';
import type { LoadHandle } from './load-handle';
import { LoadKeeper } from './load-keeper';
import { ReplacementBudget } from './replacement-budget';
import { ServingHandle } from './serving-handle';
import type { SessionListeners } from './session-listeners';

/**
 * The page's hold on both workers. The load worker lives as long as the page; each model gets a serving worker of its
 * own, so that leaving a model frees all of its memory and a failed one leaves nothing behind. One that fails while a
 * model is served is replaced; with the load worker the serving worker, too, since it computes for clients that are gone.
 */
export class Session {
  readonly #loads: LoadKeeper;
  /** The load worker that has read the model's tokenizer and prompts, and what somebody should know of these. */
  #prepared: { readonly load: LoadHandle; readonly note: string | null } | null = null;
  readonly #listeners: SessionListeners;
  #serving: ServingHandle | null = null;
  #served: { readonly choice: ModelChoice; readonly info: ServingInfo } | null = null;
  #config: ServingConfig = DEFAULT_SERVING_CONFIG;
  #budget = new ReplacementBudget();
  /** Counts the models asked for: replacing a worker ends where another model is wanted. */
  #wish = 0;

  constructor(listeners: SessionListeners) {
    this.#listeners = listeners;
    this.#loads = new LoadKeeper(
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
    await this.#leave(this.#serving, 'Another model is being loaded.');
    this.#prepared = null;
    return this.#serve(choice, onProgress);
  }

  /**
   * Ends the loading of a model: `loadModel` rejects with `load-cancelled`, and what was downloaded is kept. A worker that
   * compiles hears nobody, so it is ended from outside.
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

  /** In force from the next batch on. @throws HeadwayError `invalid-parameter` */
  async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    this.#config = changeServingConfig(this.#config, changes);
    await this.#serving?.call((control) => control.configure(changes));
    return this.#config;
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
    return this.#loads.setTrace(file);
  }

  previewTrace(load: LoadConfig, contextLength: number | null): Promise<TracePreview | null> {
    return this.#load.call((worker) => worker.previewTrace(load, contextLength));
  }

  setSlo(slo: Slo): Promise<void> {
    return this.#load.call((load) => load.setSlo(slo));
  }

  /** See `LoadControl`. */
  watchSlots(onNews: ((news: SlotNews) => void) | null): Promise<void> {
    return this.#loads.watchSlots(onNews);
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

  get #load(): LoadHandle {
    return this.#loads.current;
  }

  /** A worker has failed. Until a model is served, those who wait for it hear of it. */
  #failed(error: HeadwayError): void {
    if (!this.#served) return;
    const { choice, info } = this.#served;
    void this.#replace(sameAgain(choice, info), error);
  }

  /** @throws HeadwayError when the worker cannot serve; it is closed then */
  async #serve(
    choice: ModelChoice,
    onProgress: (progress: LoadProgress) => void = () => {},
  ): Promise<ServingInfo> {
    const serving: ServingHandle = new ServingHandle((error) => {
      if (this.#serving === serving) this.#failed(error);
    });
    this.#serving = serving;
    try {
      await serving.call((control) => control.configure(this.#config));
      const loaded = await serving.call((control) => control.load(choice, Comlink.proxy(onProgress)));
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
  async #replace(choice: ModelChoice, failure: HeadwayError): Promise<void> {
    const wish = this.#wish;
    let error = toPlain(failure);
    while (this.#budget.spend(systemClock.now())) {
      this.#listeners.onReplacing(error);
      try {
        await this.#leave(this.#serving, error.message);
        if (wish !== this.#wish) return;
        const info = await this.#serve(choice);
        if (wish === this.#wish) this.#listeners.onReplaced(info);
        return;
      } catch (again) {
        if (wish !== this.#wish) return;
        error = toPlain(again);
      }
    }
    const message = `${error.message} It was the fourth failure within a minute, so it was not replaced again.`;
    this.#listeners.onLost({ code: 'worker-failed', message });
    // All is told by now; a load worker that fails once more has nothing to stop.
    await this.#leave(this.#serving, message).catch(() => {});
    await this.#load.call((load) => load.stop()).catch(() => {});
  }

  /** Tokenizer and prompts, where this load worker has not read them yet. Returns what somebody should know of them. */
  async #prepare(choice: ModelChoice, { model }: ServingInfo): Promise<string | null> {
    const load = this.#load;
    if (this.#prepared?.load !== load) {
      const prepared = { ...choice, contextLength: model.contextLength };
      this.#prepared = { load, note: await load.call((worker) => worker.prepare(prepared)) };
    }
    return this.#prepared.note;
  }

  /** A port whose other end has died tells nobody, so the load worker must be told. @param reason a sentence */
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
    if (load !== this.#prepared?.load) {
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
