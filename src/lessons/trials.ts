import { formatFigure, formatMs } from '../core/format';
import type { ServingConfig } from '../core/serving-config';
import { type Seen, seenOf, type Trial } from './lesson';

/** "104 requests/s". */
export const perSecond = (rps: number) => `${formatFigure(rps)} requests/s`;

export const ms = (value: number) => `${formatMs(value)} ms`;

/** "1.7 times". */
export const times = (ratio: number) => `${ratio.toFixed(ratio < 0.1 ? 2 : 1)} times`;

/** Two readings of one setting differ by up to this share on a machine that does other work. Smaller differences are noise. */
const NOISE = 0.15;

type Comparison = 'less' | 'same' | 'more';

/** Compares `value` with `reference`; a difference within the noise is `same`. */
export function compare(value: number, reference: number): Comparison {
  const ratio = value / reference;
  if (ratio > 1 + NOISE) return 'more';
  return ratio < 1 / (1 + NOISE) ? 'less' : 'same';
}

/** A rate rounded to two digits, as a user would set it. */
export const tidyRate = (rps: number) => Math.max(0.1, Number(rps.toPrecision(2)));

/** Every request of the lessons asks for the same length, so that the figures can be compared. */
export const ANSWER = { outputTokens: 16 } as const;

/** Four closed-loop clients for each row of a batch of eight: the queue is never empty. */
export const CROWD = { arrival: 'closed', concurrency: 32, ...ANSWER } as const;

/** Measures the capacity; the rates of later trials are multiples of it. */
export const capacityTrial = (serving: Partial<ServingConfig>): Trial => ({
  name: 'capacity',
  label: '32 clients in a closed loop',
  sets: () => ({ serving, load: CROWD }),
  needs: { requests: 100, seconds: 4 },
});

/** @returns the rate, requests/s, of so many times the measured capacity */
export const ofCapacity = (share: number, seen: Seen) => tidyRate(share * seenOf(seen, 'capacity').rps);
