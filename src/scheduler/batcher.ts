import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest } from '../core/request';
import type { Batching } from './batch-plan';
import { type BatchPlan, planBatch } from './batch-plan';
import { type QueuedRequest, RequestQueue } from './queue';

/** A batch that takes no more members. Cancellations and deadlines may still remove some. */
interface SealedBatch {
  readonly number: number;
  members: readonly QueuedRequest[];
}

interface DueBatch extends BatchPlan {
  /** Whether the batch closed before its wait for company was over. */
  readonly early: boolean;
}

export interface DispatchedBatch {
  readonly number: number;
  readonly requests: readonly ServingRequest[];
  /** Requests that took the places of members that were cancelled or had expired. */
  readonly refilled: number;
}

/** A timer that fires early by less than this is on time; without it, rounding could repeat a wait of 1e-13 ms endlessly. */
const TOLERANCE_MS = 1e-3;

/**
 * The queue, and the channel of sealed batches between the queue and the runner. The batcher reserves a place in the channel
 * before it forms a batch. Without a free place, requests stay in the queue: others can still join them, and each takes a
 * place of `maxQueue`.
 */
export class Batcher {
  readonly queue: RequestQueue;
  readonly #emit: (event: ServingEvent) => void;
  readonly #channel: SealedBatch[] = [];
  /** Members of sealed batches that still wait. */
  readonly #sealed = new Map<RequestId, QueuedRequest>();
  #batches = 0;

  constructor(agingMs: number, emit: (event: ServingEvent) => void) {
    this.queue = new RequestQueue(agingMs);
    this.#emit = emit;
  }

  /** Requests that wait for the runner, queued or sealed. */
  get waiting(): number {
    return this.queue.length + this.#sealed.size;
  }

  /** Whether there is nothing to dispatch, not even a sealed batch whose members are all gone. */
  get isEmpty(): boolean {
    return this.queue.length === 0 && this.#channel.length === 0;
  }

  has(id: RequestId): boolean {
    return this.queue.has(id) || this.#sealed.has(id);
  }

  /** A snapshot of the waiting requests. */
  requests(): readonly ServingRequest[] {
    return [...this.#sealed.values(), ...this.queue].map(({ request }) => request);
  }

  /** Removes a waiting request. @returns whether it was waiting */
  remove(id: RequestId): boolean {
    return this.queue.remove(id) || this.#sealed.delete(id);
  }

  /** Removes all waiting requests and returns their ids. */
  takeAll(): readonly RequestId[] {
    const ids = this.requests().map(({ id }) => id);
    for (const id of ids) this.remove(id);
    this.#channel.length = 0;
    return ids;
  }

  /**
   * Fills the channel with the batches that are due.
   * @returns ms until the next batch may be due; Infinity if time alone makes none due
   */
  seal(batching: Batching, now: number): number {
    while (this.#channel.length < batching.channelCapacity) {
      const plan = this.#due(batching, now);
      if (typeof plan === 'number') return plan;
      this.#channel.push(this.#form(plan, now));
    }
    return Number.POSITIVE_INFINITY;
  }

  /**
   * The next batch for a free runner: the oldest sealed one without the members that were removed, or a batch formed now.
   * @returns the batch, or ms until one may be due
   */
  take(batching: Batching, now: number): DispatchedBatch | number {
    for (let batch = this.#channel[0]; batch; batch = this.#channel[0]) {
      const dispatched = this.#takeSealed(batch, batching, now);
      if (dispatched) return dispatched;
      // No remaining member fits now.
      if (batch.members.length > 0) return Number.POSITIVE_INFINITY;
    }
    const plan = this.#due(batching, now);
    if (typeof plan === 'number') return plan;
    const { number, members } = this.#form(plan, now);
    return this.#dispatched(number, members, 0);
  }

  /** Null if no member remains, or none that fits now. A batch with members left stays first in the channel. */
  #takeSealed(batch: SealedBatch, { limits }: Batching, now: number): DispatchedBatch | null {
    const gone = this.#dropGone(batch, now);
    const { members } = planBatch(batch.members, limits);
    batch.members = batch.members.slice(members.length);
    if (batch.members.length === 0) this.#channel.shift();
    if (members.length === 0) return null;
    // Queued requests must not overtake the batches sealed behind this one.
    const places = this.#channel.length > 0 ? 0 : Math.min(limits.members, members.length + gone);
    const refill = planBatch(this.queue, { ...limits, members: places }, members);
    const refilled = refill.members.length;
    if (refilled > 0) this.#leaveQueue(batch.number, { ...refill, early: false }, true, now);
    return this.#dispatched(batch.number, [...members, ...refill.members], refilled);
  }

  /** @returns how many members had been removed since the batch was sealed */
  #dropGone(batch: SealedBatch, at: number): number {
    const isLeft = (member: QueuedRequest) => this.#sealed.get(member.request.id) === member;
    const gone = batch.members.filter((member) => !isLeft(member));
    if (gone.length === 0) return 0;
    batch.members = batch.members.filter(isLeft);
    this.#emit({ type: 'dropped', at, batch: batch.number, ids: gone.map(({ request }) => request.id) });
    return gone.length;
  }

  /** The batch that is due now, or the ms until one is. */
  #due({ limits, maxWaitMs }: Batching, now: number): DueBatch | number {
    const oldest = this.queue.oldest();
    if (!oldest) return Number.POSITIVE_INFINITY;
    const plan = planBatch(this.queue, limits);
    if (plan.members.length === 0) return Number.POSITIVE_INFINITY;
    const remaining = oldest.enqueuedAt + maxWaitMs - now;
    const early = remaining > TOLERANCE_MS;
    return plan.closed || !early ? { ...plan, early } : remaining;
  }

  #form(plan: DueBatch, now: number): SealedBatch {
    this.#batches += 1;
    this.#leaveQueue(this.#batches, plan, false, now);
    return { number: this.#batches, members: plan.members };
  }

  #leaveQueue(batch: number, { members, ...plan }: DueBatch, refill: boolean, at: number): void {
    const ids = members.map(({ request }) => request.id);
    for (const member of members) {
      this.queue.remove(member.request.id);
      this.#sealed.set(member.request.id, member);
    }
    const firstLeft = this.queue.oldest()?.order ?? Number.POSITIVE_INFINITY;
    const overtook = members.filter(({ order }) => order > firstLeft).length;
    this.#emit({ type: 'batched', at, batch, ids, refill, ...plan, overtook, queued: this.queue.length });
  }

  #dispatched(number: number, members: readonly QueuedRequest[], refilled: number): DispatchedBatch {
    const requests = members.map(({ request }) => request);
    for (const { id } of requests) this.#sealed.delete(id);
    return { number, requests, refilled };
  }
}
