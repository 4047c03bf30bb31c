import type { RequestId, ServingRequest } from '../core/request';
import { SortedList } from './sorted-list';

export interface QueuedRequest {
  readonly request: ServingRequest;
  /** ms; the wait for company counts from here and from nowhere else. */
  readonly enqueuedAt: number;
  /** Of all requests ever queued, which one it is. */
  readonly order: number;
}

/**
 * Requests in the order in which they go: by priority, FIFO within a class. With aging, a class is worth `agingMs` of
 * waiting. Since all wait at the same pace, that order never changes while they do: it is the order of
 * `enqueuedAt − priority · agingMs`.
 */
export class RequestQueue implements Iterable<QueuedRequest> {
  /** In the order of arrival. */
  readonly #byId = new Map<RequestId, QueuedRequest>();
  readonly #line = new SortedList<QueuedRequest>((a, b) => this.#compare(a, b));
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
    this.#line.sort();
  }

  has(id: RequestId): boolean {
    return this.#byId.has(id);
  }

  push(request: ServingRequest, enqueuedAt: number): void {
    const entry = { request, enqueuedAt, order: this.#arrivals++ };
    this.#byId.set(request.id, entry);
    this.#line.add(entry);
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
    const entry = this.#byId.get(id);
    if (!entry) return false;
    this.#byId.delete(id);
    this.#line.remove(entry);
    return true;
  }

  #compare(a: QueuedRequest, b: QueuedRequest): number {
    const classes = b.request.priority - a.request.priority;
    const ahead = this.#agingMs > 0 ? a.enqueuedAt - b.enqueuedAt + classes * this.#agingMs : classes;
    return ahead || a.order - b.order;
  }
}
