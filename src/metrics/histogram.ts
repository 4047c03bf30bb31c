import imported from 'hdr-histogram-js/dist/Int32Histogram.js';
import type { Distribution, Interval } from '../core/figures';
import { intervalRanks } from './percentile-interval';
import { FEWEST_FOR_P999 } from './percentiles';

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
export class MsHistogram {
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

  distribution(): Distribution | null {
    const { count, mean } = this;
    if (mean === null) return null;
    return { count, mean, p50: this.percentile(50), p95: this.percentile(95), p99: this.percentile(99) };
  }
}
