import { useState, useSyncExternalStore } from 'react';

export const PAGES = ['live', 'experiments', 'compare', 'lessons'] as const;
export type PageName = (typeof PAGES)[number];

/** Where one is: a page, and what is open on it. It is in the address, so that a reload and a link lead back. */
export interface Place {
  readonly page: PageName;
  /** The kept run that is looked at on `experiments`, or compared with on `compare`; the lesson; the live page has none. */
  readonly item: string | null;
}

const START: Place = { page: 'live', item: null };

/** Other fragments, such as a skip link's, leave one where one was. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [place, setPlace] = useState(() => placeOf(hash) ?? START);
  const next = placeOf(hash) ?? place;
  if (next.page === place.page && next.item === place.item) return place;
  setPlace(next);
  return next;
}

export const hashOf = ({ page, item }: Place): string =>
  item === null ? `#${page}` : `#${page}/${encodeURIComponent(item)}`;

export function goTo(place: Place): void {
  location.hash = hashOf(place);
}

function placeOf(hash: string): Place | null {
  const [name, item] = hash.slice(1).split('/');
  const page = PAGES.find((candidate) => candidate === name);
  return page ? { page, item: item ? decoded(item) : null } : null;
}

/** A damaged link names something that there is not, which its page says. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
