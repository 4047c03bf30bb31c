import type { ServingRequest } from '../core/request';
import type { ServingConfig } from '../core/serving-config';
import type { QueuedRequest } from './queue';

/** What a batch may hold. */
export interface BatchLimits extends Pick<ServingConfig, 'maxBatchTokens' | 'maxMicroBatches'> {
  readonly members: number;
  /** Sequences of all members: free slots. */
  readonly sequences: number;
  readonly microBatches: (request: ServingRequest) => number;
}

export interface BatchPlan {
  readonly members: readonly QueuedRequest[];
  /** Whether nobody else could join: it is full, or the next in line would break a limit. */
  readonly closed: boolean;
  /** What `members` come to. */
  readonly microBatches: number;
}

/** Prompt and output allowance of all its sequences, as if each were as long as this one: what it takes of a token budget. */
const tokensOf = ({ prompt, maxNewTokens }: ServingRequest): number => prompt.length + maxNewTokens;

/**
 * Whom a batch would take, from the head of the line on. It stops before the first that would break a limit, so nobody
 * overtakes. Tokens and micro-batches never keep a request from a batch of its own.
 * @param begun members that it has already
 */
export function planBatch(
  line: Iterable<QueuedRequest>,
  limits: BatchLimits,
  begun: readonly QueuedRequest[] = [],
): BatchPlan {
  const batch = new Totals(limits);
  for (const { request } of begun) batch.add(request);
  const before = batch.microBatches;
  const members: QueuedRequest[] = [];
  const plan = (closed: boolean) => ({ members, closed, microBatches: batch.microBatches - before });
  for (const entry of line) {
    if (!batch.holds(entry.request)) return plan(true);
    batch.add(entry.request);
    members.push(entry);
  }
  return plan(batch.full);
}

class Totals {
  microBatches = 0;
  readonly #limits: BatchLimits;
  #members = 0;
  #sequences = 0;
  #longest = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get full(): boolean {
    return this.#members >= this.#limits.members || this.#sequences >= this.#limits.sequences;
  }

  holds(request: ServingRequest): boolean {
    const { members, sequences, maxBatchTokens, maxMicroBatches, microBatches } = this.#limits;
    if (this.#members >= members || this.#sequences + request.sequences > sequences) return false;
    if (this.#members === 0) return true;
    const padded = Math.max(this.#longest, tokensOf(request)) * (this.#sequences + request.sequences);
    if (maxBatchTokens > 0 && padded > maxBatchTokens) return false;
    return maxMicroBatches === 0 || this.microBatches + microBatches(request) <= maxMicroBatches;
  }

  add(request: ServingRequest): void {
    this.#members += 1;
    this.#sequences += request.sequences;
    this.#longest = Math.max(this.#longest, tokensOf(request));
    this.microBatches += this.#limits.microBatches(request);
  }
}
