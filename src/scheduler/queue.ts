import type { RequestId, ServingRequest } from '../core/request';
import { SortedList } from './sorted-list';

export interface QueuedRequest {
  readonly request: ServingRequest;
  /** ms; the wait for company counts from here and from nowhere else. */
  readonly enqueuedAt: number;
  /** Of all requests ever queued, which one it is. */
  readonly order: number;
}

interface Place extends QueuedRequest {
  /** Lower goes first. */
  rank: number;
}

/**
 * Requests in the order in which they go: by priority, FIFO within a class. With aging, a class is worth `agingMs` of
 * waiting. Since all wait at the same pace, that order never changes while they do: it is the order of
 * `enqueuedAt − priority · agingMs`.
 */
export class RequestQueue implements Iterable<QueuedRequest> {
  /** In the order of arrival. */
  readonly #byId = new Map<RequestId, Place>();
  readonly #line = new SortedList<Place>((a, b) => a.rank - b.rank || a.order - b.order);
  #agingMs: number;
  #arrivals = 0;

  constructor(agingMs: number) {
    this.#agingMs = agingMs;
  }

  get length(): number {
    return this.#byId.size;
  }

  /** ms that are worth one class of priority; 0 = priorities are strict. */
  set agingMs(ms: number) {
    if (ms === this.#agingMs) return;
    this.#agingMs = ms;
    for (const place of this.#byId.values()) place.rank = this.#rankOf(place.request, place.enqueuedAt);
    this.#line.sort();
  }

  has(id: RequestId): boolean {
    return this.#byId.has(id);
  }

  push(request: ServingRequest, enqueuedAt: number): void {
    const rank = this.#rankOf(request, enqueuedAt);
    const place = { request, enqueuedAt, order: this.#arrivals++, rank };
    this.#byId.set(request.id, place);
    this.#line.add(place);
  }

  /** Who has waited longest, whatever its place in the line. */
  oldest(): QueuedRequest | undefined {
    return this.#byId.values().next().value;
  }

  /** From the head of the line on. */
  [Symbol.iterator](): Iterator<QueuedRequest> {
    return this.#line[Symbol.iterator]();
  }

  /** @returns whether it was there */
  remove(id: RequestId): boolean {
    const place = this.#byId.get(id);
    if (!place) return false;
    this.#byId.delete(id);
    this.#line.remove(place);
    return true;
  }

  #rankOf({ priority }: ServingRequest, enqueuedAt: number): number {
    return this.#agingMs > 0 ? enqueuedAt - priority * this.#agingMs : -priority;
  }
}
