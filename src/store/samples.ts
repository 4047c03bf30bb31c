import type { Sample } from '../core/figures';

const MAX_SAMPLES = 40;

/** Folds new and changed samples in; newest first by the time they were first seen. */
export function mergeSamples(known: readonly Sample[], news: readonly Sample[]): readonly Sample[] {
  if (news.length === 0) return known;
  const changed = new Map(news.map((sample) => [sample.id, sample]));
  const updated = known.map((sample) => changed.get(sample.id) ?? sample);
  const seen = new Set(known.map((sample) => sample.id));
  const fresh = [...changed.values()].filter((sample) => !seen.has(sample.id)).reverse();
  return [...fresh, ...updated].slice(0, MAX_SAMPLES);
}
