import type { ArrivalConfig } from '../core/load-config';

/**
 * A rate over time, by its integral. Arrivals at a changing rate are arrivals at an even one on a clock that runs as fast
 * as the rate is high, so the inverse turns the one into the other exactly: nothing is stepped and nothing thinned out.
 */
export interface RateProfile {
  /** Mean number of arrivals from the start until `seconds` after it. It never falls. */
  expectedBy(seconds: number): number;
  /** Its inverse: seconds from the start. */
  timeOf(expected: number): number;
}

/** That of an open loop. */
export function rateProfile(config: ArrivalConfig): RateProfile {
  switch (config.arrival) {
    case 'ramp':
      return ramp(config);
    case 'spike':
      return spike(config);
    default:
      return steady(config.rate);
  }
}

function steady(rate: number): RateProfile {
  return { expectedBy: (seconds) => rate * seconds, timeOf: (expected) => expected / rate };
}

/** In a straight line from one rate to the other, which may be the lower; then it stays. */
function ramp({ rampFromRate: from, rate: to, rampS }: ArrivalConfig): RateProfile {
  const growth = (to - from) / (2 * rampS);
  const wholeRamp = ((from + to) / 2) * rampS;
  return {
    expectedBy: (seconds) =>
      seconds < rampS ? (from + growth * seconds) * seconds : wholeRamp + to * (seconds - rampS),
    timeOf(expected) {
      if (expected >= wholeRamp) return rampS + (expected - wholeRamp) / to;
      // The root of a quadratic in the form that loses no digits; twice the mean rate so far, which is 0 at a foot of 0.
      const rates = from + Math.sqrt(from ** 2 + 4 * growth * expected);
      return rates > 0 ? (2 * expected) / rates : 0;
    },
  };
}

/** Seconds: no run lasts so long, so a spike that comes again after it comes once. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The rate, and for a while its multiple, once or again and again. */
function spike(config: ArrivalConfig): RateProfile {
  const { rate, spikeFactor: factor, spikeStartS: start, spikeDurationS, spikeEveryS } = config;
  const every = spikeEveryS === 0 ? NEVER : spikeEveryS;
  const lasts = Math.min(spikeDurationS, every);
  // What a whole spike adds, as the seconds that it would take at the plain rate.
  const extra = (factor - 1) * lasts;
  return {
    expectedBy(seconds) {
      const { whole, rest } = divided(Math.max(0, seconds - start), every);
      return rate * (seconds + whole * extra + (factor - 1) * Math.min(rest, lasts));
    },
    timeOf(expected) {
      const plain = expected / rate;
      if (plain <= start) return plain;
      const { whole, rest } = divided(plain - start, every + extra);
      return start + whole * every + (rest < factor * lasts ? rest / factor : rest - extra);
    },
  };
}

/** How often the period fits, and what is left: a quotient that is rounded up to a whole number would count one too many. */
function divided(value: number, period: number): { readonly whole: number; readonly rest: number } {
  const rest = value % period;
  return { whole: Math.round((value - rest) / period), rest };
}
