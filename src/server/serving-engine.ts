import type { Backend } from '../core/backend';
import { HeadwayError } from '../core/errors';
import type { ServingEvent } from '../core/events';
import type { ServingRequest } from '../core/request';
import { StatusMachine } from '../core/runner-status';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { systemClock } from '../core/system-clock';
import { openModel } from '../runtime/open-model';
import { Scheduler } from '../scheduler/scheduler';
import type { LoadProgress, ModelChoice, ServingControl, ServingInfo } from './control';
import { EventPort } from './event-port';

/** One model, served: the runtime under the scheduler, and whoever is connected. A worker holds one for its whole life. */
export class ServingEngine implements ServingControl {
  readonly #port = new EventPort({
    submit: (request) => this.#submit(request),
    cancel: (id) => this.#scheduler?.cancel(id),
  });
  readonly #status = new StatusMachine((status) =>
    this.#emit({ type: 'status', at: systemClock.now(), status }),
  );
  #config: ServingConfig = DEFAULT_SERVING_CONFIG;
  #scheduler: Scheduler | null = null;

  async load(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo> {
    this.#status.to('loading');
    try {
      const { url, name } = choice;
      const report = throttled(onProgress);
      let size = 0;
      const model = await openModel({
        url,
        backend: choice.backend,
        onDownload: (loadedBytes, totalBytes) => {
          size = loadedBytes;
          report({ stage: 'download', loadedBytes, totalBytes });
        },
        onCompile: () => onProgress({ stage: 'compile', loadedBytes: size, totalBytes: size }),
      });
      this.#status.to('warming-up');
      onProgress({ stage: 'warm-up', loadedBytes: model.bytes, totalBytes: model.bytes });
      await warmUp(model.backend);
      this.#status.to('ready');
      const { backend } = model;
      this.#scheduler = new Scheduler({
        backend,
        clock: systemClock,
        config: this.#config,
        emit: this.#emit,
      });
      const { adapter, contextLength, vocabularySize } = backend.capabilities;
      const { sha256, bytes, note } = model;
      return { adapter, note, model: { name, url, sha256, bytes, contextLength, vocabularySize } };
    } catch (error) {
      if (this.#status.current !== 'ready') this.#status.to('idle');
      throw error;
    }
  }

  connect(port: MessagePort): void {
    this.#port.open(port);
  }

  configure(changes: Partial<ServingConfig>): ServingConfig {
    this.#config = this.#scheduler?.configure(changes) ?? changeServingConfig(this.#config, changes);
    return this.#config;
  }

  readonly #emit = (event: ServingEvent): void => this.#port.send(event);

  #submit(request: ServingRequest): void {
    if (!this.#scheduler) {
      throw new HeadwayError('invalid-state', `No model is served; the worker is ${this.#status.current}.`);
    }
    this.#scheduler.submit(request);
  }
}

/** Two short prompts of different lengths and a decode step: every kernel of a batch has run once. */
async function warmUp(backend: Backend): Promise<void> {
  const token = backend.capabilities.eosTokens[0] ?? 0;
  const prompt = (slot: number, length: number) => ({
    slot,
    tokens: new Array<number>(length).fill(token),
    start: 0,
    sampling: null,
  });
  await backend.prefill([prompt(0, 3), prompt(1, 2)]);
  await backend.decode([0, 1]);
}

/** At most 20 reports a second: a fast download has thousands of chunks. */
function throttled(report: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (performance.now() - last < 50 && progress.loadedBytes !== progress.totalBytes) return;
    last = performance.now();
    report(progress);
  };
}
