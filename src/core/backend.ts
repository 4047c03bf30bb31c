import type { Sampling, ServingRequest } from './request';

/**
 * The model as the scheduler sees it: numbered slots that hold sequences, and two ways to advance them. The real one is
 * in `runtime/`, the one in virtual time in `simulator/`; nobody asks which it is.
 *
 * A call may be made before the tokens of the last are known: passes run in the order of the calls, each on the tokens of
 * the one before.
 *
 * A slot's row of the KV cache belongs to the sequence that was last prefilled into it. Nothing frees a slot: whoever
 * hands out slots (a generator) just prefills the next sequence over it.
 */
export interface Backend {
  readonly capabilities: BackendCapabilities;

  /**
   * Micro-batches that this request's sequences come to, for `maxMicroBatches`.
   * @param microBatchSize sequences of one; 0 = all in one
   */
  microBatchCount(request: ServingRequest, microBatchSize: number): number;

  /** @throws HeadwayError `cache-too-large`, with what was asked, the limit, and what fits; nothing was allocated then */
  checkRoom(slots: number): void;

  /**
   * Prompts of different lengths, right-padded together into empty slots: one forward pass, or a few where padding would
   * cost more than passes do. A later chunk of a prompt (`start` above 0) goes alone.
   * @returns the next token of each row, in the order of `rows`; that of a chunk which is not its prompt's last means nothing
   * @throws HeadwayError `backend-failed`; the slots' content is then undefined, other slots are untouched
   */
  prefill(rows: readonly PrefillRow[]): Promise<readonly number[]>;

  /**
   * One forward pass over the given slots, each fed its own last token. A slot whose context is full stays at its last
   * position: only rows that nobody waits for can get there, and their tokens mean nothing.
   * @returns the next token of each slot, in the order of `slots`: the likeliest, or one drawn as its prefill asked
   */
  decode(slots: readonly number[]): Promise<readonly number[]>;

  /** Makes slot `to` hold the sequence of slot `from`; `from` is empty afterwards. */
  moveRow(from: number, to: number): Promise<void>;

  /** What lives on the device now, onnxruntime's own included; null where it cannot be counted. */
  memory(): MemoryUse | null;

  /** Resolves with the reason, as a sentence, when the device has gone away: every call fails from then on. */
  readonly lost: Promise<string>;

  /** Frees the model's memory. No call may follow. */
  dispose(): Promise<void>;
}

export interface MemoryUse {
  readonly buffers: number;
  readonly bytes: number;
}

export interface PrefillRow {
  readonly slot: number;
  /** Prompt tokens to be appended to the slot's sequence. */
  readonly tokens: readonly number[];
  /** Tokens that the slot's sequence has before them; 0 begins a new one. */
  readonly start: number;
  readonly sampling: Sampling | null;
}

export interface BackendCapabilities {
  readonly adapter: Adapter;
  /** Tokens that one sequence may have, prompt and output together. */
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly eosTokens: readonly number[];
  /** Passes that may usefully be under way beside the one whose tokens are awaited; 0 where a pass blocks the thread. */
  readonly passesAhead: number;
}

/** What really computes. Shown wherever a figure stands, so that no figure passes for another machine's. */
export interface Adapter {
  readonly kind: 'webgpu' | 'wasm' | 'simulated';
  /** For people: "NVIDIA H200", "SwiftShader (software)", "WebAssembly, 2 threads". */
  readonly name: string;
  /** True for a WebGPU adapter that computes on the CPU. */
  readonly software: boolean;
}
