import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest } from '../core/request';
import { type BatchPlan, planBatch } from './batch-plan';
import type { Batching } from './batching';
import { type QueuedRequest, RequestQueue } from './queue';

/** A batch whose members can only become fewer. */
interface SealedBatch {
  readonly number: number;
  members: readonly QueuedRequest[];
}

interface DueBatch extends BatchPlan {
  /** Whether it is closed before its wait for company is over. */
  readonly early: boolean;
}

export interface DispatchedBatch {
  readonly number: number;
  readonly requests: readonly ServingRequest[];
  /** How many of them took the places of members that had gone. */
  readonly refilled: number;
}

/** A timer that is early by less than this is on time; without it, rounding could make a wait of 1e-13 ms repeat for ever. */
const TOLERANCE_MS = 1e-3;

/**
 * The queue, and the channel of sealed batches between it and the runner. A place in the channel is reserved before a batch
 * is formed: with none, the requests stay in the queue, where they can still be joined, and cost a place of `maxQueue`.
 */
export class Batcher {
  readonly queue: RequestQueue;
  readonly #emit: (event: ServingEvent) => void;
  readonly #channel: SealedBatch[] = [];
  /** Those of their members who have not gone. */
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

  has(id: RequestId): boolean {
    return this.queue.has(id) || this.#sealed.has(id);
  }

  /** Who waits, as of now. */
  requests(): readonly ServingRequest[] {
    return [...this.#sealed.values(), ...this.queue].map(({ request }) => request);
  }

  /** It waits no more. @returns whether it did */
  remove(id: RequestId): boolean {
    return this.queue.remove(id) || this.#sealed.delete(id);
  }

  /** All that wait; none does any more. */
  takeAll(): readonly RequestId[] {
    const ids = this.requests().map(({ id }) => id);
    for (const id of ids) this.remove(id);
    this.#channel.length = 0;
    return ids;
  }

  /**
   * Fills the channel with the batches that are due.
   * @returns ms until another may be; Infinity if that takes more than time
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
   * The next batch for a runner that is free: the oldest sealed one, without those who have gone, or one formed now.
   * @returns ms until there may be one, if there is none
   */
  take(batching: Batching, now: number): DispatchedBatch | number {
    for (let batch = this.#channel[0]; batch; batch = this.#channel[0]) {
      const dispatched = this.#takeSealed(batch, batching, now);
      if (dispatched) return dispatched;
      // None of those who are left in it fits now.
      if (batch.members.length > 0) return Number.POSITIVE_INFINITY;
    }
    const plan = this.#due(batching, now);
    if (typeof plan === 'number') return plan;
    const { number, members } = this.#form(plan, now);
    return this.#dispatched(number, members, 0);
  }

  /** Null if nobody is left in it, or nobody who fits now. While somebody is left, it stays first in the channel. */
  #takeSealed(batch: SealedBatch, { limits }: Batching, now: number): DispatchedBatch | null {
    const gone = this.#dropGone(batch, now);
    const { members } = planBatch(batch.members, limits);
    batch.members = batch.members.slice(members.length);
    if (batch.members.length === 0) this.#channel.shift();
    if (members.length === 0) return null;
    // With others sealed behind it, those of the queue would overtake them.
    const places = this.#channel.length > 0 ? 0 : Math.min(limits.members, members.length + gone);
    const refill = planBatch(this.queue, { ...limits, members: places }, members);
    const refilled = refill.members.length;
    if (refilled > 0) this.#leaveQueue(batch.number, { ...refill, early: false }, true, now);
    return this.#dispatched(batch.number, [...members, ...refill.members], refilled);
  }

  /** @returns how many of its members had gone */
  #dropGone(batch: SealedBatch, at: number): number {
    const isLeft = (member: QueuedRequest) => this.#sealed.get(member.request.id) === member;
    const gone = batch.members.filter((member) => !isLeft(member));
    if (gone.length === 0) return 0;
    batch.members = batch.members.filter(isLeft);
    this.#emit({ type: 'dropped', at, batch: batch.number, ids: gone.map(({ request }) => request.id) });
    return gone.length;
  }

  /** The batch that would leave now; or the ms until one would. */
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
