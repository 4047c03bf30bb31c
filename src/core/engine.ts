import type { Adapter, BackendCapabilities } from './backend';
import type { ServingEvent } from './events';
import type { ModelAddress } from './model';
import type { RequestId, ServingRequest } from './request';
import type { ServingConfig } from './serving-config';
import type { WasmThreads } from './wasm-threads';

/**
 * What crosses the border of the serving worker, and nothing else. Control goes by Comlink (`ServingControl`); requests
 * and events go in batches over a MessagePort (`ClientMessage`, `ServerMessage`), which costs far less per message.
 */
export interface ServingControl {
  /**
   * Loads a model and makes it ready; the model served until then drains first.
   * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `model-unsupported`, `model-too-large`,
   * `cache-too-large`, `backend-unavailable`, `download-stopped`, `storage-failed`
   */
  load(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo>;
  /** Takes one end of a channel to a client. Requests on it are answered on it. */
  connect(port: MessagePort): void;
  /**
   * Takes effect with the next batch; loses no request. While a model loads, the answer comes when it has loaded.
   * @returns the whole configuration in force
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; nothing has changed then
   */
  configure(changes: Partial<ServingConfig>): Promise<ServingConfig>;
  /** Reports signs of life from now on: one a second, and one before a forward pass that may block the thread for long. */
  watch(onBeat: Beat): void;
}

/** @param busyMs for how long the worker's thread may be busy next, ms; null while a model loads, which takes unknown time */
export type Beat = (busyMs: number | null) => void;

export const BACKENDS = ['auto', 'webgpu', 'wasm'] as const;
export type BackendChoice = (typeof BACKENDS)[number];

export interface ModelChoice extends ModelAddress {
  readonly name: string;
  /** `auto`: WebGPU where there is an adapter, else WASM. The others are forced: impossible is an error. */
  readonly backend: BackendChoice;
  /** `auto` unless given. */
  readonly wasmThreads?: WasmThreads;
}

export interface LoadProgress {
  /** A synthetic model is generated, every other downloaded. */
  readonly stage: 'download' | 'generate' | 'compile' | 'warm-up';
  readonly loadedBytes: number;
  /** Null while a server does not say. */
  readonly totalBytes: number | null;
  /** Of late; null before there is anything to tell by. */
  readonly bytesPerS: number | null;
  /** What happens to a download meanwhile, as a sentence: it stands until bytes come again. */
  readonly trouble: string | null;
}

/** What is being served, for the page, manifests and error messages. */
export interface ServingInfo {
  readonly adapter: Adapter;
  /** Why `auto` chose this backend, as a sentence; null when it was forced or nothing had to be explained. */
  readonly note: string | null;
  /** How it computes its steps, for a twin; absent where a client cannot know. */
  readonly steps?: Pick<BackendCapabilities, 'passesAhead' | 'geometry'>;
  readonly model: {
    readonly name: string;
    readonly url: string;
    /** Of the ONNX file, hex; of a synthetic model, of its graph and its name, on which every number depends. */
    readonly sha256: string;
    readonly bytes: number;
    readonly contextLength: number;
    readonly vocabularySize: number;
  };
}

export type ClientMessage =
  | { readonly type: 'submit'; readonly requests: readonly ServingRequest[] }
  | { readonly type: 'cancel'; readonly ids: readonly RequestId[] };

export interface ServerMessage {
  readonly type: 'events';
  readonly events: readonly ServingEvent[];
}
