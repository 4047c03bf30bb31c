import imported from 'hdr-histogram-js/dist/Int32Histogram.js';
import type { Interval, Intervals, Percentiles } from '../core/figures';
import { FEWEST_FOR_P999, intervalRanks, nearestRank, percentileInterval } from './percentiles';

/** Times, ms, of which percentiles are wanted: exact for a run, a histogram for a live window. */
export interface Sample {
  readonly count: number;
  record(ms: number): void;
  /** Null for an empty sample. */
  percentiles(): Percentiles | null;
  /** 95 % confidence intervals of the percentiles. Null for an empty sample. */
  intervals(): Intervals | null;
}

/**
 * Raw values up to `capacity`; beyond it every second one is dropped and from then on only every second one kept, and so
 * on: a systematic sample, at most half thinner than it could be, in bounded memory (8 bytes a value: 32 MB at the
 * default). The mean stays exact.
 */
export class ExactSample implements Sample {
  readonly #capacity: number;
  #kept = new Float64Array(64);
  #size = 0;
  #stride = 1;
  #count = 0;
  #sum = 0;
  /** Percentiles and intervals are asked for together; null where a value has come since. */
  #inOrder: Float64Array | null = null;

  /** @param capacity even, so that the value that comes when it is full falls on the wider stride too */
  constructor(capacity = 4_194_304) {
    this.#capacity = capacity;
  }

  get count(): number {
    return this.#count;
  }

  record(ms: number): void {
    if (this.#count % this.#stride === 0) {
      this.#inOrder = null;
      this.#keep(ms);
    }
    this.#count += 1;
    this.#sum += ms;
  }

  percentiles(): Percentiles | null {
    if (this.#count === 0) return null;
    const sorted = this.#sorted();
    return {
      mean: this.#sum / this.#count,
      p50: nearestRank(sorted, 50),
      p95: nearestRank(sorted, 95),
      p99: nearestRank(sorted, 99),
    };
  }

  intervals(): Intervals | null {
    if (this.#count === 0) return null;
    const sorted = this.#sorted();
    const of = (percent: number) => percentileInterval(sorted, percent);
    return { p50: of(50), p95: of(95), p99: of(99) };
  }

  #sorted(): Float64Array {
    this.#inOrder ??= this.#kept.slice(0, this.#size).sort();
    return this.#inOrder;
  }

  #keep(ms: number): void {
    if (this.#size === this.#capacity) this.#thin();
    if (this.#size === this.#kept.length) {
      const grown = new Float64Array(Math.min(this.#capacity, this.#kept.length * 2));
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

/**
 * One class out of the package: its front door also loads pako and a WASM build, and calls `eval` while it loads, which
 * the page's Content-Security-Policy reports. The package is CommonJS, so depending on who loads it the default import is
 * the class or the module around it.
 */
const Int32Histogram =
  'default' in imported ? (imported as { readonly default: typeof imported }).default : imported;

const US_PER_MS = 1000;
const LONGEST_MS = 3_600_000;

/** An HDR histogram of times: 1 µs … 1 h with 3 significant digits; longer ones count as 1 h. The mean is exact. */
export class MsHistogram implements Sample {
  readonly #counts = new Int32Histogram(1, LONGEST_MS * US_PER_MS, 3);
  #sum = 0;

  get count(): number {
    return this.#counts.totalCount;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.#sum / this.count;
  }

  record(ms: number): void {
    const bounded = Math.min(LONGEST_MS, Math.max(0, ms));
    this.#counts.recordValue(Math.round(bounded * US_PER_MS));
    this.#sum += bounded;
  }

  add(other: MsHistogram): void {
    if (other.count === 0) return;
    this.#counts.add(other.#counts);
    this.#sum += other.#sum;
  }

  clear(): void {
    if (this.count === 0) return;
    this.#counts.reset();
    this.#sum = 0;
  }

  /** Nearest rank, ms. */
  percentile(percent: number): number {
    return this.#counts.getValueAtPercentile(percent) / US_PER_MS;
  }

  /** The times that 1/n, 2/n, … all of the values do not exceed, ms; n is their count or `most`, whichever is less. */
  quantiles(most: number): number[] {
    const steps = Math.min(this.count, most);
    const values: number[] = [];
    const recorded = this.#counts.recordedValuesIterator;
    recorded.reset();
    while (values.length < steps && recorded.hasNext()) {
      const { totalCountToThisValue, valueIteratedTo } = recorded.next();
      const share = (totalCountToThisValue * steps) / this.count;
      while (values.length < Math.floor(share + 1e-9)) values.push(valueIteratedTo / US_PER_MS);
    }
    return values;
  }

  /** Where a percentile may well lie, ms: see `percentileInterval`. */
  interval(percent: number): Interval | null {
    const ranks = intervalRanks(this.count, percent);
    return ranks && [this.#atRank(ranks[0]), this.#atRank(ranks[1])];
  }

  /** ms; null for too few values. */
  p999(): number | null {
    return this.count >= FEWEST_FOR_P999 ? this.percentile(99.9) : null;
  }

  /** @param rank from 1 */
  #atRank(rank: number): number {
    return this.percentile((100 * (rank - 0.5)) / this.count);
  }

  percentiles(): Percentiles | null {
    const { mean } = this;
    return mean === null
      ? null
      : { mean, p50: this.percentile(50), p95: this.percentile(95), p99: this.percentile(99) };
  }

  intervals(): Intervals | null {
    if (this.count === 0) return null;
    return { p50: this.interval(50), p95: this.interval(95), p99: this.interval(99) };
  }
}
