import { commandsOf, TRAFFIC_COMMANDS, type Traffic, type TrafficUpdate } from '../src/core/commands';
import type { ModelChoice, ServingInfo } from '../src/core/engine';
import { HeadwayError } from '../src/core/errors';
import type { Slo } from '../src/core/figures';
import type { LoadConfig } from '../src/core/load-config';
import type { KeptModel } from '../src/core/model';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../src/core/serving-config';
import type { SessionListeners, SessionPort } from '../src/session/session';

/** A session without workers, for tests: it remembers what it was told, fails for a model or trace named "broken", and loads one named "slow" until that is cancelled. */
export class MemorySession implements SessionPort {
  readonly loaded: ModelChoice[] = [];
  config: ServingConfig = DEFAULT_SERVING_CONFIG;
  load: LoadConfig | null = null;
  paused = false;
  /** Requests of each burst. */
  readonly bursts: number[] = [];
  slo: Slo = { p95Ms: null, ttftMs: null };
  /** Called before a `stopLoad` resolves, as a real one waits for what is under way. */
  drained: Promise<void> = Promise.resolve();
  kept: readonly KeptModel[] = [];
  #cancel: (error: HeadwayError) => void = () => {};
  readonly #listeners: SessionListeners;

  constructor(listeners: SessionListeners) {
    this.#listeners = listeners;
  }

  tell(update: TrafficUpdate): void {
    this.#listeners.onUpdate(update);
  }

  /** The serving worker failed; call `replaced` for the end of it. */
  replacing(message: string): void {
    this.#listeners.onReplacing({ code: 'worker-failed', message });
  }

  /** A new worker, which knows no setting yet. */
  replaced(): void {
    const choice = this.loaded.at(-1);
    if (!choice) throw new HeadwayError('invalid-state', 'Nothing was loaded that could be replaced.');
    this.#listeners.onReplaced(servingInfo(choice));
  }

  lose(message: string): void {
    this.#listeners.onLost({ code: 'worker-failed', message });
  }

  async loadModel(
    choice: ModelChoice,
    onProgress: Parameters<SessionPort['loadModel']>[1],
  ): Promise<ServingInfo> {
    this.loaded.push(choice);
    const paused = choice.name === 'slow';
    onProgress({ stage: 'download', loadedBytes: 10, totalBytes: 100, bytesPerS: null, trouble: null });
    if (paused)
      await new Promise((_, reject) => {
        this.#cancel = reject;
      });
    if (choice.name === 'broken') throw new HeadwayError('model-file-missing', 'tokenizer.json is missing.');
    return servingInfo(choice);
  }

  cancelLoad(): void {
    this.#cancel(new HeadwayError('load-cancelled', 'Loading was cancelled.'));
  }

  /** What the serving worker answers; null accepts. It may wait, as a model does that is being loaded. */
  answer: (changes: Partial<ServingConfig>) => Promise<HeadwayError | null> = async () => null;

  async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    const refusal = await this.answer(changes);
    if (refusal) throw refusal;
    this.config = { ...this.config, ...changes };
    return this.config;
  }

  /** What a test wants otherwise it replaces. */
  traffic: { -readonly [Name in keyof Traffic]: Traffic[Name] } = {
    ...commandsOf(TRAFFIC_COMMANDS, async () => undefined),
    inspect: async () => ({
      files: [],
      ownContext: null,
      cachePerToken: null,
      obstacles: ['It lacks config.json.'],
    }),
    keptModels: async () => this.kept,
    removeKeptModel: async ({ name }) => {
      this.kept = this.kept.filter((model) => model.name !== name);
    },
    start: async (config, paused = false) => {
      if (!this.load) this.paused = paused;
      this.load = config;
    },
    pause: async () => {
      this.paused = true;
    },
    resume: async () => {
      this.paused = false;
    },
    burst: async (count) => {
      this.bursts.push(count);
    },
    stop: async () => {
      this.load = null;
      this.paused = false;
      await this.drained;
    },
    setTrace: async (file) => {
      const { name } = 'info' in file ? file.info : file;
      if (name === 'broken') throw new HeadwayError('invalid-trace', 'broken, line 1: it is empty.');
      return { name, sha256: 'ab', format: 'Vidur', requests: 3, durationS: 2, failed: 0, unsorted: 0 };
    },
    previewTrace: async () => null,
    attach: async () => {},
    setPrompts: async (file) => file && { name: file.name, format: 'plain text', prompts: 3, tooLong: 0 },
    setSlo: async (slo) => {
      this.slo = slo;
    },
    send: async (text) => {
      const running = {
        text: '',
        outcome: 'running',
        outputTokens: 0,
        latencyMs: null,
        ttftMs: null,
      } as const;
      return { id: 1, at: 0, prompt: text, own: true, ...running };
    },
    generate: async () => [],
    measure: async () => {
      throw new HeadwayError('backend-failed', 'The measurement failed.');
    },
  };
}

function servingInfo({ name, url, backend }: ModelChoice): ServingInfo {
  const kind = backend === 'webgpu' ? 'webgpu' : 'wasm';
  return {
    adapter: { kind, name: kind, software: false },
    note: null,
    model: { name, url, sha256: 'ab', bytes: 100, contextLength: 128, vocabularySize: 1024 },
  };
}
