import type { LiveSnapshot } from '../core/figures';
import type { Trial } from './lesson';
import { type Evidence, endedIn, type Reading, readingOf } from './reading';

/** How far a trial is. */
export type Gathering =
  | { readonly kind: 'gathering'; readonly evidence: Evidence | null; readonly requests: number }
  | { readonly kind: 'enough'; readonly reading: Reading }
  /** So slow that waiting on would be no lesson. @property says why, as a sentence */
  | { readonly kind: 'too-slow'; readonly says: string };

export const NOTHING_YET: Gathering = { kind: 'gathering', evidence: null, requests: 0 };

/** A slow machine gets this long for what a trial needs; then so few requests do, and with fewer it says so. */
const PATIENCE_MS = 20_000;
const FEWEST_REQUESTS = 20;
const LONGEST_MS = 60_000;

/**
 * Folds a snapshot in. One whose window began before the trial, `since` in ms, says nothing about it and is left out.
 */
export function gather(
  before: Gathering,
  snapshot: LiveSnapshot,
  { needs, label }: Trial,
  since: number,
): Gathering {
  if (before.kind !== 'gathering') return before;
  const elapsed = snapshot.at - since;
  if (snapshot.at - snapshot.windowMs < since) return before;
  const evidence = { first: before.evidence?.first ?? snapshot, last: snapshot };
  const requests = endedIn(snapshot);
  const reading = readingOf(evidence);
  const isEnough = requests >= needs.requests && elapsed >= needs.seconds * 1000;
  const isAllThereIs = elapsed >= PATIENCE_MS && requests >= FEWEST_REQUESTS;
  if (reading && (isEnough || isAllThereIs)) return { kind: 'enough', reading };
  if (elapsed < LONGEST_MS) return { kind: 'gathering', evidence, requests };
  return {
    kind: 'too-slow',
    says:
      `After ${Math.round(elapsed / 1000)} seconds of "${label}" ${requests} requests were answered in the last ten seconds; ` +
      `${FEWEST_REQUESTS} are the fewest that say something. This model is too slow here for the lesson: load a smaller one, or choose another backend.`,
  };
}
