import type { MemoryUse } from './backend';
import type { RequestId, Settlement } from './request';
import type { RunnerStatus } from './runner-status';
import type { ServingConfig } from './serving-config';
import type { StepWork } from './step-work';

/**
 * Everything that the server says, in order. Metrics fold these, charts draw them, exports write them: there is no
 * second copy of the truth. `at` is in ms on the shared clock (see `Clock`).
 */
export type ServingEvent =
  | StatusEvent
  | { readonly type: 'configured'; readonly at: number; readonly config: ServingConfig }
  | EnqueuedEvent
  | BatchedEvent
  | DroppedEvent
  | StartedEvent
  | StepEvent
  | ReceivedEvent
  | CountedEvent
  | SettledEvent
  | MemoryEvent;

export interface StatusEvent {
  readonly type: 'status';
  readonly at: number;
  readonly status: RunnerStatus;
  /** Why it is `lost`, or `closed` because of that, as a sentence; null otherwise. */
  readonly reason: string | null;
}

/** What lives on the device, onnxruntime's own buffers included. */
export interface MemoryEvent extends MemoryUse {
  readonly type: 'memory';
  readonly at: number;
}

export interface EnqueuedEvent {
  readonly type: 'enqueued';
  readonly at: number;
  readonly id: RequestId;
  /** Requests in the queue with this one. */
  readonly queued: number;
}

/** A batch was sealed: from here on its members can only become fewer, but for a refill when the runner takes it. */
export interface BatchedEvent {
  readonly type: 'batched';
  readonly at: number;
  readonly batch: number;
  readonly ids: readonly RequestId[];
  /** Whether the batch was sealed before, and these take the places of members that have gone. */
  readonly refill: boolean;
  /** Whether the batch is full, or the next in line would break a limit, so that no other request could join. */
  readonly closed: boolean;
  /** Whether that cut its wait for company short. */
  readonly early: boolean;
  /** What `ids` come to, as `maxMicroBatches` counts it. */
  readonly microBatches: number;
  /** Of `ids`, those that go before a request that came earlier and stays in the queue: by their priority. */
  readonly overtook: number;
  /** Requests left in the queue. */
  readonly queued: number;
}

/** Members of a sealed batch that had gone, cancelled or expired, when the runner took it. They have settled already. */
export interface DroppedEvent {
  readonly type: 'dropped';
  readonly at: number;
  readonly batch: number;
  readonly ids: readonly RequestId[];
}

/** The batch was dispatched to the generator with these members; in `continuous` they join the running requests. */
export interface StartedEvent {
  readonly type: 'started';
  readonly at: number;
  readonly batch: number;
  readonly ids: readonly RequestId[];
  /** Of them, those that were not sealed in it but took the place of members that had gone. */
  readonly refilled: number;
}

export type StepPhase = 'prefill' | 'decode';

/** One forward pass. `ids[i]` received `tokens[i]` for its sequence `sequences[i]`; an end-of-sequence token is not among them. */
export interface StepEvent {
  readonly type: 'step';
  readonly phase: StepPhase;
  readonly startedAt: number;
  readonly at: number;
  /** Rows that the backend computed. In a decode step, `rows − useful` were wasted. */
  readonly rows: number;
  /** Rows whose token a client waits for, rows that wrote their end of sequence included. */
  readonly useful: number;
  /** Rows whose request was cancelled, expired or failed. What is neither useful nor gone had finished: padding. */
  readonly gone: number;
  /** Of each row, in the order of the pass: the slot that it was computed in, and the request that it belongs to. */
  readonly slots: readonly number[];
  readonly members: readonly RequestId[];
  /** Which rows were not useful, by their place in `slots`, ascending. */
  readonly wasted: readonly number[];
  /** Whether it gave each row a token: a chunk of a prompt that is not its last gets none. */
  readonly answers: boolean;
  /** What it computed, padding included; absent where the engine cannot tell. */
  readonly work?: StepWork;
  readonly ids: readonly RequestId[];
  readonly tokens: readonly number[];
  /** Which of the request's sequences, from 0. */
  readonly sequences: readonly number[];
}

/** Of a remote engine, whose passes a client cannot see: one chunk of an answer arrived, of one token or several. */
export interface ReceivedEvent {
  readonly type: 'received';
  readonly at: number;
  readonly id: RequestId;
  /** Which of the request's sequences, from 0. */
  readonly sequence: number;
  readonly text: string;
}

/** Of a remote engine, ahead of `settled`: how long prompt and answer were. */
export interface CountedEvent {
  readonly type: 'counted';
  readonly at: number;
  readonly id: RequestId;
  /** Null where the server did not say. */
  readonly promptTokens: number | null;
  /** Of all its sequences together. */
  readonly outputTokens: number;
  /** `usage`: as the server said. `chunks`: it did not, so each chunk counts as a token. */
  readonly by: 'usage' | 'chunks';
}

export interface SettledEvent {
  readonly type: 'settled';
  readonly at: number;
  readonly id: RequestId;
  readonly settlement: Settlement;
}
