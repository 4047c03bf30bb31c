import { useState, useSyncExternalStore } from 'react';

export const PAGES = ['live', 'experiments', 'compare'] as const;
export type PageName = (typeof PAGES)[number];

/** Where one is: a page, and the kept run that it is about. It is in the address, so that a reload and a link lead back. */
export interface Place {
  readonly page: PageName;
  /** Looked at on `experiments`, compared with on `compare`; the live page has none. */
  readonly run: string | null;
}

const START: Place = { page: 'live', run: null };

/** Other fragments, such as a skip link's, leave one where one was. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [place, setPlace] = useState(() => placeOf(hash) ?? START);
  const next = placeOf(hash) ?? place;
  if (next.page === place.page && next.run === place.run) return place;
  setPlace(next);
  return next;
}

export const hashOf = ({ page, run }: Place): string =>
  run === null ? `#${page}` : `#${page}/${encodeURIComponent(run)}`;

export function goTo(place: Place): void {
  location.hash = hashOf(place);
}

function placeOf(hash: string): Place | null {
  const [name, run] = hash.slice(1).split('/');
  const page = PAGES.find((candidate) => candidate === name);
  return page ? { page, run: run ? decodeURIComponent(run) : null } : null;
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
