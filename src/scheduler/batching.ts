import type { Backend } from '../core/backend';
import type { RunnerStatus } from '../core/runner-status';
import type { ServingConfig } from '../core/serving-config';
import type { BatchLimits } from './batch-plan';
import type { Room } from './generators/generator';

/** How batches are formed now. */
export interface Batching {
  readonly limits: BatchLimits;
  /** Longest that the oldest request waits for company, ms. */
  readonly maxWaitMs: number;
  /** Sealed batches that may stand ready. */
  readonly channelCapacity: number;
}

/** @param room what the generator would take now; for a batch that is to stand ready, a whole one */
export function batchingOf(
  config: ServingConfig,
  backend: Backend,
  status: RunnerStatus,
  room: Room = { members: config.maxBatch, sequences: Number.POSITIVE_INFINITY },
): Batching {
  const { policy, maxWaitMs, maxBatchTokens, microBatchSize, maxMicroBatches, channelCapacity } = config;
  return {
    limits: {
      members: policy === 'sequential' ? 1 : room.members,
      sequences: room.sequences,
      maxBatchTokens,
      maxMicroBatches,
      microBatches: (request) => backend.microBatchCount(request, microBatchSize),
    },
    // Only a static batch is worth waiting for, since nobody can join it later; and not if nobody can come any more.
    maxWaitMs: policy === 'static' && status !== 'draining' ? maxWaitMs : 0,
    // A slot is taken straight from the queue.
    channelCapacity: policy === 'continuous' ? 0 : channelCapacity,
  };
}
