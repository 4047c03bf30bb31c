import type { ServingConfig } from '../core/serving-config';
import type { Seen, Trial } from './lesson';
import { seenOf } from './lesson';
import { tidyRate } from './words';

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
