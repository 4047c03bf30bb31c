import type { FinishReason, Outcome, RequestId } from './request';

/** One request's life: stamps in ms on the shared clock, null where it never got. `measurement.md` orders them. */
export interface RequestRecord {
  readonly id: RequestId;
  readonly scheduled: number;
  readonly sent: number;
  readonly enqueued: number | null;
  readonly batched: number | null;
  readonly started: number | null;
  readonly firstToken: number | null;
  /** The last one counted in `outputTokens`: the pass that yields the end token is not in it. */
  readonly lastToken: number | null;
  readonly finished: number | null;
  /** Members of its batch at dispatch; where requests join a running batch, those they join included. */
  readonly batchSize: number | null;
  readonly promptTokens: number;
  /** Of all its sequences together. */
  readonly outputTokens: number;
  readonly sequences: number;
  /** Mean over its sequences of at least two tokens of (last − first token) / (tokens − 1), ms; null without one. */
  readonly tpot: number | null;
  /** The 99th percentile (nearest rank) of its own gaps between tokens, ms; null for fewer than two tokens, absent in older files. */
  readonly itlP99?: number | null;
  readonly outcome: Outcome | null;
  readonly finishReason: FinishReason | null;
}

/** What the client knows of a request before the server does. */
export interface SentRequest {
  readonly id: RequestId;
  /** ms; `scheduled` ≤ `sent`. */
  readonly scheduled: number;
  readonly sent: number;
  readonly promptTokens: number;
  readonly sequences: number;
}
