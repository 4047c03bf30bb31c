import type { RequestId, ServingRequest } from '../core/request';

export interface QueuedRequest {
  readonly request: ServingRequest;
  /** ms; the wait for company counts from here. */
  readonly enqueuedAt: number;
  /** Position among all requests ever queued. */
  readonly order: number;
}

interface Place extends QueuedRequest {
  /** Lower goes first. */
  rank: number;
}

/**
 * Requests in dispatch order: by priority, FIFO within a class. With aging, one class is worth `agingMs` of waiting. All
 * requests age at the same rate, so the order never changes while they wait: it is the order of
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

  /** ms of waiting that are worth one priority class; 0 = strict priorities. */
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

  /** The request that has waited longest, wherever it stands in the queue. */
  oldest(): QueuedRequest | undefined {
    return this.#byId.values().next().value;
  }

  /** From the head of the queue on. */
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

/** Most items of a run before it is split. */
const LONGEST_RUN = 128;

/**
 * Items in ascending order, stored in runs of bounded length. Adding or removing an item moves items of one run only, so the
 * cost hardly grows with the length of the list.
 */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  /** No run is empty. */
  #runs: Item[][] = [];

  /** @param compare a strict order: 0 only for an item and itself */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get first(): Item | undefined {
    return this.#runs[0]?.[0];
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const run of this.#runs) yield* run;
  }

  add(item: Item): void {
    const at = Math.min(this.#runOf(item), this.#runs.length - 1);
    const run = this.#runs[at];
    if (!run) {
      this.#runs.push([item]);
      return;
    }
    run.splice(this.#placeIn(run, item), 0, item);
    if (run.length > LONGEST_RUN) this.#runs.splice(at + 1, 0, run.splice(LONGEST_RUN / 2));
  }

  /** The item must be in the list. */
  remove(item: Item): void {
    const at = this.#runOf(item);
    const run = this.#runs[at] as Item[];
    if (run.length === 1) this.#runs.splice(at, 1);
    else run.splice(this.#placeIn(run, item), 1);
  }

  /** Sorts anew after the order has changed. */
  sort(): void {
    const items = [...this].sort(this.#compare);
    this.#runs = [];
    for (const item of items) this.add(item);
  }

  /** Index of the run that holds or would hold the item; the number of runs if the item comes last. */
  #runOf(item: Item): number {
    return lowest(this.#runs.length, (at) => this.#compare(this.#runs[at]?.at(-1) as Item, item) >= 0);
  }

  /** Index of the first item that is not before this one. */
  #placeIn(run: readonly Item[], item: Item): number {
    return lowest(run.length, (at) => this.#compare(run[at] as Item, item) >= 0);
  }
}

/** Binary search: the lowest of `count` indices for which `holds` is true, or `count` if there is none. */
function lowest(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
