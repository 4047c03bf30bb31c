/** Items of a run before it is split. */
const LONGEST_RUN = 128;

/**
 * Items in ascending order, in runs of bounded length: what stands behind an item that joins or leaves is moved in its own
 * run alone, so a long list costs hardly more than a short one.
 */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  /** None is empty. */
  #runs: Item[][] = [];

  /** @param compare a strict order: 0 for an item and itself alone */
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

  /** The item must be there. */
  remove(item: Item): void {
    const at = this.#runOf(item);
    const run = this.#runs[at] as Item[];
    if (run.length === 1) this.#runs.splice(at, 1);
    else run.splice(this.#placeIn(run, item), 1);
  }

  /** The order has changed. */
  sort(): void {
    const items = [...this].sort(this.#compare);
    this.#runs = [];
    for (const item of items) this.add(item);
  }

  /** The index of the run where it is or would be; the number of runs if it comes after all. */
  #runOf(item: Item): number {
    return lowest(this.#runs.length, (at) => this.#compare(this.#runs[at]?.at(-1) as Item, item) >= 0);
  }

  /** The index of the first item that is not before this one. */
  #placeIn(run: readonly Item[], item: Item): number {
    return lowest(run.length, (at) => this.#compare(run[at] as Item, item) >= 0);
  }
}

/** The lowest of `count` indices from which on something holds, or `count` if it never does. */
function lowest(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
