/**
 * Items in ascending order. Joining at the end and leaving at the front, as in a queue, take constant time; anywhere else
 * it is a binary search and a move of what stands behind.
 */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  #items: Item[] = [];
  /** Items before it have left. */
  #front = 0;

  /** @param compare a strict order: 0 for an item and itself alone */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#items.length - this.#front;
  }

  get first(): Item | undefined {
    return this.#items[this.#front];
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (let at = this.#front; at < this.#items.length; at++) yield this.#items[at] as Item;
  }

  add(item: Item): void {
    const last = this.#items.at(-1);
    if (this.length === 0 || this.#compare(last as Item, item) < 0) this.#items.push(item);
    else this.#items.splice(this.#placeOf(item), 0, item);
  }

  /** The item must be there. */
  remove(item: Item): void {
    if (item !== this.first) {
      this.#items.splice(this.#placeOf(item), 1);
      return;
    }
    this.#front += 1;
    if (this.#front < 64 || this.#front * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#front);
    this.#front = 0;
  }

  /** The order has changed. */
  sort(): void {
    this.#items = [...this].sort(this.#compare);
    this.#front = 0;
  }

  /** The index of the first item that is not before this one. */
  #placeOf(item: Item): number {
    let [low, high] = [this.#front, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#items[middle] as Item, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
