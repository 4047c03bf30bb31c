/** Chosen by the client, unique among its requests. */
export type RequestId = number;

/** What a client asks of the server: tokens in, tokens out. Text is the client's business. */
export interface ServingRequest {
  readonly id: RequestId;
  /** Token ids with the template's special tokens, 1 … context − 1 of them. */
  readonly prompt: readonly number[];
  /** The prompt in words, for an engine that has a tokenizer of its own; the numbers of `prompt` mean nothing to it. */
  readonly text?: string;
  /** The output allowance in tokens, at least 1; prompt + allowance fit the context. */
  readonly maxNewTokens: number;
  /** Go on to `maxNewTokens` whatever the model says: a forced output length. */
  readonly ignoreEos: boolean;
  /** Answers wanted to the one prompt, each a sequence of its own; at least 1. */
  readonly sequences: number;
  /** Higher goes first; FIFO within a class. */
  readonly priority: number;
  /** Null: greedy, the likeliest token each time. Of several sequences, the i-th draws with `seed + i`. */
  readonly sampling: Sampling | null;
}

/** How tokens are drawn from the model's probabilities. */
export interface Sampling {
  /** Above 0: the logits are divided by it. */
  readonly temperature: number;
  /** Only the k likeliest tokens; 0 = all. */
  readonly topK: number;
  /** Only the likeliest tokens that together have probability p, the one that reaches it included; 1 = all. */
  readonly topP: number;
  /** 32 bits, unsigned. What is drawn depends on it and the request's own tokens, never on who else is in the batch. */
  readonly seed: number;
}

/** How a request ends. Every submit ends exactly once. */
export const OUTCOMES = ['completed', 'rejected', 'expired', 'cancelled', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The HTTP habit of counting outcomes. */
export const OUTCOME_STATUS: Readonly<Record<Outcome, number>> = {
  completed: 200,
  rejected: 503,
  expired: 504,
  cancelled: 499,
  failed: 500,
};

/** `stop`: the model wrote its end-of-sequence token. `length`: the allowance was used up. */
export type FinishReason = 'stop' | 'length';

export type Settlement =
  | { readonly outcome: 'completed'; readonly finishReason: FinishReason }
  | { readonly outcome: 'rejected' | 'failed'; readonly message: string }
  | { readonly outcome: 'expired' | 'cancelled' };

/** What a backend answers that takes the sequences of a request as so many passes. */
export const microBatches = ({ sequences }: ServingRequest, microBatchSize: number): number =>
  microBatchSize > 0 ? Math.ceil(sequences / microBatchSize) : 1;
