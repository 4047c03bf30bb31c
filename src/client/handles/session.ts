import * as Comlink from 'comlink';
import { HeadwayError, type PlainError, toPlain } from '../../core/errors';
import type { RequestId } from '../../core/request';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../core/serving-config';
import type { GenerateSampling, LoadConfig } from '../../load/load-config';
import type { Sample, Slo } from '../../metrics/snapshot';
import type { LoadProgress, ModelChoice, ServingControl, ServingInfo } from '../../server/control';
import type {
  Generated,
  GeneratePrompt,
  LoadControl,
  LoadUpdate,
  MeasuredRun,
  Measurement,
} from '../load-control';
import { WorkerHandle } from './worker-handle';

/**
 * The page's hold on both workers. The load worker lives as long as the page; each model gets a serving worker of its
 * own, so that leaving a model frees all of its memory and a failed one leaves nothing behind.
 */
export class Session {
  readonly #load: WorkerHandle<LoadControl>;
  readonly #lost: (error: PlainError) => void;
  #serving: WorkerHandle<ServingControl> | null = null;
  #config: ServingConfig = DEFAULT_SERVING_CONFIG;

  /** @param onLost the serving worker died: whatever it held has failed, and another model can be loaded */
  constructor(onUpdate: (update: LoadUpdate) => void, onLost: (error: PlainError) => void) {
    this.#lost = onLost;
    // The bundler finds a worker by this very expression, so the address stands inside it.
    const worker = new Worker(new URL('../load-worker/load-worker.ts', import.meta.url), {
      type: 'module',
      name: 'load',
    });
    this.#load = new WorkerHandle(worker, 'load', onLost);
    void this.#load.call((load) => load.subscribe(Comlink.proxy(onUpdate)));
  }

  /**
   * Stops the load, lets the present model finish, and serves another.
   * @throws HeadwayError when it cannot be served; nothing is served then, and another can be loaded
   */
  async loadModel(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    await this.#load.call((load) => load.stop());
    await this.#leave(this.#serving);
    const serving = this.#startWorker();
    this.#serving = serving;
    try {
      await serving.call((control) => control.configure(this.#config));
      const info = await serving.call((control) => control.load(choice, Comlink.proxy(onProgress)));
      const { contextLength } = info.model;
      await this.#load.call((load) => load.prepare({ url: choice.url, contextLength }));
      await this.#connect(serving);
      return info;
    } catch (error) {
      await this.#leave(serving);
      throw error;
    }
  }

  /** In force from the next batch on. @throws HeadwayError `invalid-parameter` */
  async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    this.#config = changeServingConfig(this.#config, changes);
    await this.#serving?.call((control) => control.configure(changes));
    return this.#config;
  }

  /** Starts the load, or changes it while it runs. @throws HeadwayError `invalid-parameter`, `invalid-state` */
  startLoad(config: LoadConfig): Promise<void> {
    this.#mustServe();
    return this.#load.call((load) => load.start(config));
  }

  /** Resolves when everything that was sent has settled. */
  stopLoad(): Promise<void> {
    return this.#load.call((load) => load.stop());
  }

  setSlo(slo: Slo): Promise<void> {
    return this.#load.call((load) => load.setSlo(slo));
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

  /** One measured run; the live load must be stopped. `onProgress` gets requests done and expected, never after the end. */
  async measure(run: MeasuredRun, onProgress: (done: number, total: number) => void): Promise<Measurement> {
    this.#mustServe();
    // Progress comes by a port of its own, so the last of it may be slower than the result.
    let over = false;
    const report = (done: number, total: number) => {
      if (!over) onProgress(done, total);
    };
    try {
      return await this.#load.call((load) => load.measure(run, Comlink.proxy(report)));
    } finally {
      over = true;
    }
  }

  #startWorker(): WorkerHandle<ServingControl> {
    const worker = new Worker(new URL('../../server/serving-worker.ts', import.meta.url), {
      type: 'module',
      name: 'serving',
    });
    const handle = new WorkerHandle<ServingControl>(worker, 'serving', (error) => {
      if (this.#serving !== handle) return;
      void this.#leave(handle);
      this.#lost(toPlain(error));
    });
    return handle;
  }

  /** A port whose other end has died tells nobody, so the load worker must be told. */
  async #leave(serving: WorkerHandle<ServingControl> | null): Promise<void> {
    serving?.close();
    if (this.#serving !== serving) return;
    this.#serving = null;
    await this.#load.call((load) => load.disconnect());
  }

  async #connect(serving: WorkerHandle<ServingControl>): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    await serving.call((control) => control.connect(Comlink.transfer(port1, [port1])));
    await this.#load.call((load) => load.connect(Comlink.transfer(port2, [port2])));
  }

  #mustServe(): void {
    if (!this.#serving) throw new HeadwayError('invalid-state', 'No model is served; load one first.');
  }
}
