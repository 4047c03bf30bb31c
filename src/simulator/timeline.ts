/** What happens when, in virtual time: of two things at one time, first what was set first. */
export class Timeline {
  readonly #at: number[] = [];
  readonly #order: number[] = [];
  readonly #what: (() => void)[] = [];
  #set = 0;
  #now = 0;

  /** ms. */
  readonly now = (): number => this.#now;

  /** When the next thing happens, ms; `Infinity` if nothing does. */
  get next(): number {
    return this.#at[0] ?? Number.POSITIVE_INFINITY;
  }

  set(at: number, what: () => void): void {
    const order = this.#set++;
    let place = this.#at.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#at[parent] as number;
      if (above < at || (above === at && (this.#order[parent] as number) < order)) break;
      this.#put(place, above, this.#order[parent] as number, this.#what[parent] as () => void);
      place = parent;
    }
    this.#put(place, Math.max(at, this.#now), order, what);
  }

  /** Lets the next thing happen. @returns false if there is none */
  step(): boolean {
    const what = this.#what[0];
    if (!what) return false;
    this.#now = this.#at[0] as number;
    this.#takeFirst();
    what();
    return true;
  }

  #takeFirst(): void {
    const at = this.#at.pop() as number;
    const order = this.#order.pop() as number;
    const what = this.#what.pop() as () => void;
    const count = this.#at.length;
    if (count === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#before(child + 1, child)) child += 1;
      const below = this.#at[child] as number;
      if (at < below || (at === below && order < (this.#order[child] as number))) break;
      this.#put(place, below, this.#order[child] as number, this.#what[child] as () => void);
      place = child;
    }
    this.#put(place, at, order, what);
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#at[a] as number, this.#at[b] as number];
    return first < second || (first === second && (this.#order[a] as number) < (this.#order[b] as number));
  }

  #put(place: number, at: number, order: number, what: () => void): void {
    this.#at[place] = at;
    this.#order[place] = order;
    this.#what[place] = what;
  }
}
