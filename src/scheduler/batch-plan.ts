import type { RequestQueue } from './queue';

/** Leave with the `size` oldest, wait `ms` for company (or until something joins), or there is nobody. */
export type BatchPlan =
  | { readonly kind: 'leave'; readonly size: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'empty' };

export interface BatchLimits {
  readonly maxBatch: number;
  readonly maxWaitMs: number;
}

/** A timer that is early by less than this is on time; without it, rounding could make a wait of 1e-13 ms repeat for ever. */
const TOLERANCE_MS = 1e-3;

/**
 * Whether the queue's head should leave as a batch now. A batch leaves when it is full or when its oldest member has
 * waited `maxWaitMs` since it was enqueued, whichever is first; FIFO, so nobody overtakes.
 */
export function planBatch(queue: RequestQueue, limits: BatchLimits, now: number): BatchPlan {
  const oldest = queue.oldest();
  if (!oldest) return { kind: 'empty' };
  if (queue.length >= limits.maxBatch) return { kind: 'leave', size: limits.maxBatch };
  const remaining = oldest.enqueuedAt + limits.maxWaitMs - now;
  if (remaining <= TOLERANCE_MS) return { kind: 'leave', size: queue.length };
  return { kind: 'wait', ms: remaining };
}
