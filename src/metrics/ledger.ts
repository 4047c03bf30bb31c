import type { FinishReason, Outcome, RequestId } from '../core/request';

/** One request's life: stamps in ms on the shared clock, null where it never got. `measurement.md` orders them. */
export interface RequestRecord {
  readonly id: RequestId;
  readonly scheduled: number;
  readonly sent: number;
  readonly enqueued: number | null;
  readonly batched: number | null;
  readonly started: number | null;
  readonly firstToken: number | null;
  readonly finished: number | null;
  /** Members of its batch at dispatch. */
  readonly batchSize: number | null;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly outcome: Outcome | null;
  readonly finishReason: FinishReason | null;
}
