import type { Backend } from '../core/backend';
import type { ServingRequest } from '../core/request';
import type { RunnerStatus } from '../core/runner-status';
import type { ServingConfig } from '../core/serving-config';
import type { Room } from './generators/generator';
import type { QueuedRequest } from './queue';

/** The rules by which batches are formed at present. */
export interface Batching {
  readonly limits: BatchLimits;
  /** Longest wait of the oldest request for company, ms. */
  readonly maxWaitMs: number;
  /** Most sealed batches that wait for the runner. */
  readonly channelCapacity: number;
}

/** @param room what the generator has room for now; without it, room for a whole batch */
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
    // Only a static batch waits for company, since no request can join it later. While draining, no more requests come.
    maxWaitMs: policy === 'static' && status !== 'draining' ? maxWaitMs : 0,
    // Requests go from the queue straight into slots.
    channelCapacity: policy === 'continuous' ? 0 : channelCapacity,
  };
}

/** What a batch may hold. */
export interface BatchLimits extends Pick<ServingConfig, 'maxBatchTokens' | 'maxMicroBatches'> {
  readonly members: number;
  /** Sequences of all members together: the free slots. */
  readonly sequences: number;
  readonly microBatches: (request: ServingRequest) => number;
}

export interface BatchPlan {
  readonly members: readonly QueuedRequest[];
  /** Whether no other request can join: the batch is full, or the next in line would break a limit. */
  readonly closed: boolean;
  /** Micro-batches of `members`. */
  readonly microBatches: number;
}

/** Tokens of one sequence: prompt and output allowance. */
const tokensOf = ({ prompt, maxNewTokens }: ServingRequest): number => prompt.length + maxNewTokens;

/**
 * The requests that a batch takes, from the head of the queue on. It stops before the first request that would break a limit,
 * so no request overtakes another. A request alone in its batch is exempt from the limits on tokens and micro-batches.
 * @param begun members that the batch has already
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
