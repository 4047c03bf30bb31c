import type { StepPhase } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import type { StepWork } from '../../core/step-work';
import type { Row, TaskEnd, Written } from './row';

/** A forward pass that is asked for: these rows, in this order. */
export interface PlannedPass {
  readonly phase: StepPhase;
  readonly rows: readonly Row[];
  /** Where each row is in this pass; in a later one it may be elsewhere. */
  readonly slots: readonly number[];
  /** Whether its tokens are its rows' next ones; a chunk of a prompt that is not its last gives none. */
  readonly answers: boolean;
  readonly work: StepWork;
  /** Hands the pass to the backend, in this very turn. @returns the next token of each row, once it is known */
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
  readonly work: StepWork;
}

/**
 * Turns tasks into tokens, one forward pass a step: it plans, its caller runs what was planned, and it commits what came
 * of it. Each implementation owns its state and shares none; it may be given tasks while it generates. It never throws for
 * a backend's failure: the tasks of that pass are `failed`, the rest go on.
 */
export interface InferenceGenerator {
  /** What it would start in its next step, if `maxBatch` may run together. */
  room(maxBatch: number): Room;
  /** Whether another step is due: it holds tasks, or passes are under way. */
  readonly busy: boolean;
  submit(task: ServingRequest): void;
  /** The task ends with `cancelled` at the next look, `cancelCheckEvery` steps apart, before a pass. Unknown ids are ignored. */
  cancel(id: RequestId): void;
  /** Passes that were planned and not committed. */
  readonly underWay: number;
  /** Must not be called while the caller waits for an answer to `commit`. */
  begin(): StepStart;
  /** The oldest pass under way has ended. */
  commit(answer: Answer): StepResult;
  /** Forgets everything. No call may follow. */
  close(): void;
}
