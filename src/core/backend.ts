import type { Sampling, ServingRequest } from './request';
import type { StepGeometry } from './step-work';

/**
 * The model as the scheduler sees it: numbered slots that hold sequences, and steps that advance them. `runtime/` implements
 * it on WebGPU and WASM, `simulator/` in virtual time. The scheduler never asks which one it has.
 *
 * A step may be submitted before the tokens of the previous step are known. Steps run in the order of the calls, each on the
 * tokens of the step before it.
 *
 * A slot's row of the KV cache belongs to the sequence that was last begun in it. No call frees a slot: a generator begins
 * the next sequence over it.
 */
export interface Backend {
  readonly capabilities: BackendCapabilities;

  /**
   * Micro-batches that this request's sequences come to, for `maxMicroBatches`.
   * @param microBatchSize sequences in one micro-batch; 0 = all in one
   */
  microBatchCount(request: ServingRequest, microBatchSize: number): number;

  /** @throws HeadwayError `cache-too-large`, with what was asked, the limit, and what fits; the call allocates nothing */
  checkRoom(slots: number): void;

  /**
   * Advances the sequences of different slots. A row that brings prompt tokens appends them; a row without tokens is fed the
   * token that its slot got last. The backend decides how many forward passes that takes. A slot whose context is full stays
   * at its last position: only padding rows get there, and their tokens mean nothing.
   * @param rows at least one; no slot twice
   * @returns the next token of each row, in the order of `rows`: the likeliest one, or one drawn as the sequence's first row
   * asked. The token of a row that is not `wanted` means nothing.
   * @throws HeadwayError `backend-failed`; the content of these slots is undefined then, other slots are untouched
   */
  step(rows: readonly StepRow[]): Promise<readonly number[]>;

  /** Makes slot `to` hold what slot `from` holds. The sequence goes on in one of the two only. */
  copyRow(from: number, to: number): Promise<void>;

  /** What lives on the device now, onnxruntime's own buffers included; null where it cannot be counted. */
  memory(): MemoryUse | null;

  /** Resolves with the reason, as a sentence, when the device is lost: every call fails from then on. */
  readonly lost: Promise<string>;

  /** Frees the model's memory. No call may follow. */
  dispose(): Promise<void>;
}

export interface MemoryUse {
  readonly buffers: number;
  readonly bytes: number;
}

/** One sequence's part of a step. */
export interface StepRow {
  readonly slot: number;
  /** Prompt tokens to append to the slot's sequence, at least one; null feeds back the token that the slot got last. */
  readonly tokens: readonly number[] | null;
  /** Tokens that the sequence has before the prompt tokens; 0 begins a new sequence. Without tokens it is not read. */
  readonly start: number;
  /** How the sequence draws its tokens, set by its first row; null takes the likeliest token. */
  readonly sampling: Sampling | null;
  /** Whether the row's next token is read. False for a chunk of a prompt that is not its last. */
  readonly wanted: boolean;
}

/** A row of prompt tokens, greedy unless `sampling` says otherwise. */
export const promptRow = (
  slot: number,
  tokens: readonly number[],
  { start = 0, sampling = null, wanted = true }: Partial<Omit<StepRow, 'slot' | 'tokens'>> = {},
): StepRow => ({ slot, tokens, start, sampling, wanted });

/** Rows of a decode step. */
export const decodeRows = (slots: readonly number[]): readonly StepRow[] =>
  slots.map((slot) => ({ slot, tokens: null, start: 0, sampling: null, wanted: true }));

export interface BackendCapabilities {
  readonly adapter: Adapter;
  /** Tokens that one sequence may have, prompt and output together. */
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly eosTokens: readonly number[];
  /** How it lays out the rows of a pass; exactly as asked if it does not say. */
  readonly geometry?: StepGeometry;
  /** Steps worth submitting beside the one whose tokens are awaited; 0 where a step blocks the thread. */
  readonly passesAhead: number;
}

/** What computes. It stands beside every figure, so that no figure is taken for one of another machine. */
export interface Adapter {
  readonly kind: 'webgpu' | 'wasm' | 'simulated' | 'remote';
  /** For people: "NVIDIA H200", "SwiftShader (software)", "WebAssembly, 2 threads"; of a remote engine, its host and port. */
  readonly name: string;
  /** True for a WebGPU adapter that computes on the CPU. */
  readonly software: boolean;
}
