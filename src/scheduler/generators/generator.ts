import type { StepPhase } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import type { StepWork } from '../../core/step-work';
import type { Row, TaskEnd, Written } from './row';

/** A forward pass to submit: its rows, in order. */
export interface PlannedPass {
  readonly phase: StepPhase;
  readonly rows: readonly Row[];
  /** The slot of each row in this pass; a later pass may have moved the row. */
  readonly slots: readonly number[];
  /** The row whose chunk is not its prompt's last, and so gets no token; null where each row gets one. */
  readonly partial: Row | null;
  readonly work: StepWork;
  /** Submits the pass to the backend synchronously. @returns the next token of each row, once known */
  run(): Promise<readonly number[]>;
}

/** What came of a pass: the next token of each of its rows, or why it failed. */
export type Answer = { readonly tokens: readonly number[] } | { readonly error: unknown };

/** The first half of a step. */
export interface StepStart {
  /** Tasks that had been cancelled. Their slots are free now: others may take them before the next pass is planned. */
  readonly ends: readonly TaskEnd[];
  /** Planned now, to be run in this order behind those under way; none where `ends` has some. */
  readonly passes: readonly PlannedPass[];
}

/** The second half: the oldest pass under way has ended, and these tasks with it, in row order. */
export interface StepResult {
  readonly pass: ForwardPass;
  readonly ends: readonly TaskEnd[];
}

export interface Room {
  readonly members: number;
  /** Sequences of all members together. */
  readonly sequences: number;
}

export interface ForwardPass extends Written {
  readonly phase: StepPhase;
  /** Rows computed. */
  readonly rows: number;
  /** Rows whose token a client waits for. */
  readonly useful: number;
  /** Rows whose request was cancelled, expired or failed. */
  readonly gone: number;
  /** Slot and request of each row, and the places of the rows that are not useful. */
  readonly slots: readonly number[];
  readonly members: readonly RequestId[];
  readonly wasted: readonly number[];
  /** Whether it gave each row a token. */
  readonly answers: boolean;
  readonly work: StepWork;
}

/**
 * Turns tasks into tokens, one forward pass a step: it plans, its caller runs what was planned, and it commits what came
 * of it. Each implementation owns its state and shares none; it may be given tasks while it generates. It never throws for
 * a backend's failure: the tasks of that pass are `failed`, the rest go on.
 */
export interface InferenceGenerator {
  /** What the generator can start in its next step when `maxBatch` may run together. */
  room(maxBatch: number): Room;
  /** Whether another step is due: the generator holds tasks, or passes are under way. */
  readonly busy: boolean;
  submit(task: ServingRequest): void;
  /** Ends the task as `cancelled` at the next check, every `cancelCheckEvery` steps, before a pass. Unknown ids are ignored. */
  cancel(id: RequestId): void;
  /** Passes that were planned and not committed. */
  readonly underWay: number;
  /** Must not be called while the caller waits for an answer to `commit`. */
  begin(): StepStart;
  /** The oldest pass under way has ended. */
  commit(answer: Answer): StepResult;
  /** Drops all tasks. No call may follow. */
  close(): void;
}
