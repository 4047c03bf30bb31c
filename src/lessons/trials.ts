import { formatFigure, formatMs } from '../core/format';
import type { ServingConfig } from '../core/serving-config';
import { type Seen, seenOf, type Trial } from './lesson';

/** "104 requests/s". */
export const perSecond = (rps: number) => `${formatFigure(rps)} requests/s`;

export const ms = (value: number) => `${formatMs(value)} ms`;

/** "1.7 times". */
export const times = (ratio: number) => `${ratio.toFixed(ratio < 0.1 ? 2 : 1)} times`;

/** Two readings of one setting on a machine that does other things differ by so much; less is no difference. */
const NOISE = 0.15;

type Comparison = 'less' | 'same' | 'more';

/** How `value` compares with `reference`, where a machine's own unrest counts as the same. */
export function compare(value: number, reference: number): Comparison {
  const ratio = value / reference;
  if (ratio > 1 + NOISE) return 'more';
  return ratio < 1 / (1 + NOISE) ? 'less' : 'same';
}

/** A rate as one would set it: two digits. */
export const tidyRate = (rps: number) => Math.max(0.1, Number(rps.toPrecision(2)));

/** What every request of the lessons wants, so that their figures compare. */
export const ANSWER = { outputTokens: 16 } as const;

/** Clients who always want an answer, four for each place in a batch of eight: the queue is never empty. */
export const CROWD = { arrival: 'closed', concurrency: 32, ...ANSWER } as const;

/** Measures what this machine serves under a crowd, so that the later trials' rates are shares of it. */
export const capacityTrial = (serving: Partial<ServingConfig>): Trial => ({
  name: 'capacity',
  label: '32 clients who always want an answer',
  sets: () => ({ serving, load: CROWD }),
  needs: { requests: 100, seconds: 4 },
});

/** So many times what `capacityTrial` measured, as a rate. */
export const ofCapacity = (share: number, seen: Seen) => tidyRate(share * seenOf(seen, 'capacity').rps);
