import type { Rng } from '../core/clock';
import type { RequestId, ServingRequest } from '../core/request';
import type { RouterName } from '../core/twin-control';
import type { Replica } from './replica';

/** Gives each request to one of several engines. */
export interface Router {
  /** @returns the index of a replica, or null if the request waits here */
  route(request: ServingRequest): number | null;
  /** The replica has settled a request. @returns the request that goes to it now, if one waits here */
  freed(replica: number): ServingRequest | null;
  /** The request waits here no more. @returns whether it did */
  remove(id: RequestId): boolean;
}

/** @param places requests that each replica takes from a central queue at a time */
export function createRouter(
  name: RouterName,
  replicas: readonly Replica[],
  places: number,
  rng: Rng,
): Router {
  const outstanding = (index: number) => replicas[index]?.outstanding ?? 0;
  const any = () => Math.floor(rng.uniform() * replicas.length);
  switch (name) {
    case 'central':
      return centralQueue(replicas.length, outstanding, places);
    case 'round-robin': {
      let next = 0;
      return direct(() => next++ % replicas.length);
    }
    case 'least-outstanding': {
      const ranking = new Ranking(replicas.length, outstanding);
      return { ...direct(() => ranking.least()), freed: (replica) => ranking.changed(replica) };
    }
    case 'power-of-two':
      return direct(() => {
        const [one, other] = [any(), any()];
        return outstanding(other) < outstanding(one) ? other : one;
      });
  }
}

const direct = (choose: () => number): Router => ({ route: choose, freed: () => null, remove: () => false });

/** First come, first served: requests wait in one line until a replica has a place for them. */
function centralQueue(count: number, outstanding: (index: number) => number, places: number): Router {
  const ranking = new Ranking(count, outstanding);
  let line: (ServingRequest | null)[] = [];
  let head = 0;
  const next = (): ServingRequest | null => {
    while (head < line.length) {
      const request = line[head++];
      if (head > 1024 && head * 2 > line.length) {
        line = line.slice(head);
        head = 0;
      }
      if (request) return request;
    }
    return null;
  };
  return {
    route(request) {
      const least = ranking.least();
      if (outstanding(least) < places) return least;
      ranking.changed(least);
      line.push(request);
      return null;
    },
    freed(replica) {
      ranking.changed(replica);
      return outstanding(replica) < places ? next() : null;
    },
    remove(id) {
      const at = line.findIndex((request, place) => place >= head && request?.id === id);
      if (at < 0) return false;
      line[at] = null;
      return true;
    },
  };
}

/** Replicas in a heap by what they have to do; equals in the order of their last change, so that none is left out. */
class Ranking {
  readonly #heap: number[];
  readonly #place: number[];
  readonly #turn: number[];
  readonly #outstanding: (index: number) => number;
  #turns = 0;

  constructor(count: number, outstanding: (index: number) => number) {
    this.#outstanding = outstanding;
    this.#heap = Array.from({ length: count }, (_, i) => i);
    this.#place = Array.from({ length: count }, (_, i) => i);
    this.#turn = new Array<number>(count).fill(0);
  }

  /** The replica with least to do, which is given something now. */
  least(): number {
    const [least] = this.#heap as [number];
    this.#turn[least] = ++this.#turns;
    this.#sink(0, 1);
    return least;
  }

  changed(replica: number): null {
    this.#rise(this.#place[replica] as number);
    this.#sink(this.#place[replica] as number, 0);
    return null;
  }

  /** @param more that the one at this place is about to have */
  #sink(from: number, more: number): void {
    const moved = this.#heap[from] as number;
    const load = this.#outstanding(moved) + more;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && this.#before(this.#at(child + 1), this.#at(child))) child += 1;
      const below = this.#at(child);
      const difference = load - this.#outstanding(below);
      if (difference < 0 || (difference === 0 && (this.#turn[moved] ?? 0) <= (this.#turn[below] ?? 0))) break;
      this.#put(place, below);
      place = child;
    }
    this.#put(place, moved);
  }

  #rise(from: number): void {
    const moved = this.#at(from);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(moved, this.#at(parent))) break;
      this.#put(place, this.#at(parent));
      place = parent;
    }
    this.#put(place, moved);
  }

  #before(a: number, b: number): boolean {
    const difference = this.#outstanding(a) - this.#outstanding(b);
    return difference < 0 || (difference === 0 && (this.#turn[a] ?? 0) < (this.#turn[b] ?? 0));
  }

  #at(place: number): number {
    return this.#heap[place] as number;
  }

  #put(place: number, replica: number): void {
    this.#heap[place] = replica;
    this.#place[replica] = place;
  }
}
