import type { Rng } from '../core/clock';
import { ARRIVAL_USES, type ArrivalConfig } from '../core/load-config';
import { onGrid } from './arrival-grid';
import { evenGaps, type Gaps, gammaGaps } from './gaps';
import { type RateProfile, rateProfile } from './rate-profile';

/**
 * Arrivals at a rate, answered or not. A stream of gaps of mean 1 counts how many are expected until each arrival, and the
 * rate's profile says when that is. The rate can change at any moment; the stream of gaps goes on.
 */
export class OpenLoop {
  readonly #rng: Rng;
  #config: ArrivalConfig;
  #gaps: Gaps;
  #profile: RateProfile;
  /** When the profile began, ms. */
  #begin: number;
  /** Arrivals expected from then until the next. */
  #expected: number;
  /** Those expected until the one taken last. */
  #taken = 0;

  /** @param rng of the gaps @param now the first arrival is one gap after it, ms */
  constructor(config: ArrivalConfig, rng: Rng, now: number) {
    this.#rng = rng;
    this.#config = config;
    this.#gaps = gapsOf(config, rng);
    this.#profile = rateProfile(config);
    this.#begin = onGrid(now);
    this.#expected = this.#gaps();
  }

  get nextDue(): number {
    return this.#begin + onGrid(this.#profile.timeOf(this.#expected) * 1000);
  }

  /** From one arrival to the next on average, at the rate of the one taken last, ms. */
  get meanGapMs(): number {
    return (this.#profile.timeOf(this.#taken + 1) - this.#profile.timeOf(this.#taken)) * 1000;
  }

  /**
   * A ramp or spike begins anew when anything about it changes. The rest of the gap under way shrinks or grows with the
   * rate, as if it had been drawn with it.
   */
  change(config: ArrivalConfig, now: number): void {
    const before = this.#config;
    this.#config = config;
    if (ARRIVAL_USES[config.arrival].every((name) => config[name] === before[name])) return;
    if (config.burstiness !== before.burstiness) this.#gaps = gapsOf(config, this.#rng);
    const passed = this.#profile.expectedBy((now - this.#begin) / 1000);
    this.#expected = Math.max(0, this.#expected - passed);
    this.#taken = Math.max(0, this.#taken - passed);
    this.#profile = rateProfile(config);
    this.#begin = onGrid(now);
  }

  /** For so many ms nothing came, so what is due comes so much later. */
  resume(pausedMs: number): void {
    this.#begin += onGrid(pausedMs);
  }

  /** @returns when the earliest arrival due by `now` was meant, or null */
  takeDue(now: number): number | null {
    const due = this.nextDue;
    if (due > now) return null;
    this.#taken = this.#expected;
    this.#expected += this.#gaps();
    return due;
  }
}

function gapsOf({ arrival, burstiness }: ArrivalConfig, rng: Rng): Gaps {
  if (arrival === 'constant') return evenGaps;
  return gammaGaps(arrival === 'poisson' ? 1 : burstiness, rng);
}
