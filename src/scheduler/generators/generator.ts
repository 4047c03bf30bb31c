import type { StepPhase } from '../../core/events';
import type { FinishReason, RequestId, ServingRequest } from '../../core/request';

/** How a task ended in a step. */
export type TaskEnd =
  | { readonly type: 'finished'; readonly id: RequestId; readonly reason: FinishReason }
  | { readonly type: 'cancelled'; readonly id: RequestId }
  | { readonly type: 'failed'; readonly id: RequestId; readonly message: string };

/** Who was given a token by a pass, in row order: request `ids[i]` got `tokens[i]` for its sequence `sequences[i]`. */
export interface Written {
  readonly ids: RequestId[];
  readonly tokens: number[];
  readonly sequences: number[];
}

/** One turn of a generator: at most one forward pass that ended, and which tasks ended with it, in row order. */
export interface StepResult {
  /** Null when it only ended those who had been cancelled, so that their slots can be taken before the next pass. */
  readonly pass: ForwardPass | null;
  readonly ends: readonly TaskEnd[];
}

export interface Room {
  readonly members: number;
  /** Of all members together. */
  readonly sequences: number;
}

export interface ForwardPass extends Written {
  readonly phase: StepPhase;
  /** Rows computed. */
  readonly rows: number;
  /** Rows that somebody was waiting for. */
  readonly useful: number;
  /** Rows whose request has gone without an answer. */
  readonly gone: number;
  /** Of each row, its slot and its request; and the places of those that are not useful. */
  readonly slots: readonly number[];
  readonly members: readonly RequestId[];
  readonly wasted: readonly number[];
  /** Whether it gave its rows tokens. */
  readonly answers: boolean;
}

/**
 * Turns tasks into tokens, one forward pass a step. Each implementation owns its state and shares none; it may be given
 * tasks while it generates. It never throws for a backend's failure: the tasks of that pass are `failed`, the rest go on.
 */
export interface InferenceGenerator {
  /** What it would start in its next step, if `maxBatch` may run together. */
  room(maxBatch: number): Room;
  /** Whether another step is due: it holds tasks, or passes are under way. */
  readonly busy: boolean;
  submit(task: ServingRequest): void;
  /** The task ends with `cancelled` at the next look, `cancelCheckEvery` steps apart, before a pass. Unknown ids are ignored. */
  cancel(id: RequestId): void;
  /** Must not be called while a step is under way. */
  step(): Promise<StepResult>;
  /** Forgets everything. No call may follow. */
  close(): void;
}
