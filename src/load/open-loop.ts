import type { Gaps } from './gaps';

/** Arrivals at a rate, answered or not. The rate can change at any moment; the stream of gaps goes on. */
export class OpenLoop {
  readonly #gaps: Gaps;
  #rate: number;
  #next: number;

  /** @param rate requests per second @param now the first arrival is one gap after it, ms */
  constructor(gaps: Gaps, rate: number, now: number) {
    this.#gaps = gaps;
    this.#rate = rate;
    this.#next = now + this.#gap();
  }

  get nextDue(): number {
    return this.#next;
  }

  /** The rest of the gap under way shrinks or grows with the rate, as if it had been drawn with it. */
  setRate(rate: number, now: number): void {
    if (this.#next > now) this.#next = now + ((this.#next - now) * this.#rate) / rate;
    this.#rate = rate;
  }

  /** @returns when the earliest arrival due by `now` was meant, or null */
  takeDue(now: number): number | null {
    if (this.#next > now) return null;
    const due = this.#next;
    this.#next += this.#gap();
    return due;
  }

  #gap(): number {
    return (this.#gaps() * 1000) / this.#rate;
  }
}
