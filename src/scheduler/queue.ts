import type { RequestId, ServingRequest } from '../core/request';

export interface QueuedRequest {
  readonly request: ServingRequest;
  /** ms; the wait for company counts from here and from nowhere else. */
  readonly enqueuedAt: number;
}

/** Requests in order of arrival. Joining, leaving and looking at the oldest take constant time. */
export class RequestQueue {
  readonly #waiting = new Map<RequestId, QueuedRequest>();

  get length(): number {
    return this.#waiting.size;
  }

  has(id: RequestId): boolean {
    return this.#waiting.has(id);
  }

  push(entry: QueuedRequest): void {
    this.#waiting.set(entry.request.id, entry);
  }

  oldest(): QueuedRequest | undefined {
    return this.#waiting.values().next().value;
  }

  /** The `count` oldest, oldest first; they leave the queue. */
  take(count: number): QueuedRequest[] {
    const taken: QueuedRequest[] = [];
    for (const entry of this.#waiting.values()) {
      if (taken.length === count) break;
      taken.push(entry);
    }
    for (const { request } of taken) this.#waiting.delete(request.id);
    return taken;
  }

  /** @returns whether it was there */
  remove(id: RequestId): boolean {
    return this.#waiting.delete(id);
  }
}
