import type { Percentiles } from '../core/figures';
import { nearestRank } from './percentiles';

/**
 * The gaps between tokens of a whole run, pooled. Raw values up to `capacity`; beyond it every second one is let go and
 * from then on only every second one kept, and so on: a systematic sample, at most half thinner than it could be, in
 * bounded memory (4 bytes a gap: 16 MB at the default). The mean stays exact.
 */
export class GapSample {
  readonly #capacity: number;
  #kept = new Float32Array(1024);
  #size = 0;
  #stride = 1;
  #count = 0;
  #sum = 0;

  /** @param capacity even, so that the value that comes when it is full falls on the wider stride too */
  constructor(capacity = 4_194_304) {
    this.#capacity = capacity;
  }

  add(ms: number): void {
    if (this.#count % this.#stride === 0) this.#keep(ms);
    this.#count += 1;
    this.#sum += ms;
  }

  percentiles(): Percentiles | null {
    if (this.#count === 0) return null;
    const sorted = this.#kept.slice(0, this.#size).sort();
    return {
      mean: this.#sum / this.#count,
      p50: nearestRank(sorted, 50),
      p95: nearestRank(sorted, 95),
      p99: nearestRank(sorted, 99),
    };
  }

  #keep(ms: number): void {
    if (this.#size === this.#capacity) this.#thin();
    if (this.#size === this.#kept.length) {
      const grown = new Float32Array(Math.min(this.#capacity, this.#kept.length * 2));
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept[this.#size++] = ms;
  }

  #thin(): void {
    this.#size = Math.ceil(this.#size / 2);
    for (let i = 1; i < this.#size; i++) this.#kept[i] = this.#kept[2 * i] ?? 0;
    this.#stride *= 2;
  }
}
