import type { RequestId } from '../core/request';
import { SortedList } from './sorted-list';

interface Deadline {
  readonly id: RequestId;
  /** ms. */
  readonly at: number;
  readonly order: number;
}

/** When requests expire. */
export class Deadlines {
  readonly #byId = new Map<RequestId, Deadline>();
  readonly #line = new SortedList<Deadline>((a, b) => a.at - b.at || a.order - b.order);
  #set = 0;

  /** ms; Infinity if there is none. */
  get next(): number {
    return this.#line.first?.at ?? Number.POSITIVE_INFINITY;
  }

  set(id: RequestId, at: number): void {
    const deadline = { id, at, order: this.#set++ };
    this.#byId.set(id, deadline);
    this.#line.add(deadline);
  }

  forget(id: RequestId): void {
    const deadline = this.#byId.get(id);
    if (!deadline) return;
    this.#byId.delete(id);
    this.#line.remove(deadline);
  }

  /** Those that have passed, in their order; they are forgotten. */
  takePassed(now: number): RequestId[] {
    const passed: RequestId[] = [];
    for (let first = this.#line.first; first && first.at <= now; first = this.#line.first) {
      passed.push(first.id);
      this.forget(first.id);
    }
    return passed;
  }
}
