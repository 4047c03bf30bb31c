import type { AppStore } from './app-store';
import { pastOf } from './past-picture';
import { readPast } from './read-past';

/** Where the last picture is kept: the page's own storage, or a test's. */
export interface Shelf {
  /** Null for none. May throw, as a browser that keeps nothing does. */
  read(): string | null;
  write(text: string): void;
}

interface PastHome {
  readonly shelf: Shelf;
  /** The simulated picture, which comes with the page. */
  readonly simulated: () => Promise<string>;
  /** Name and version. */
  readonly browser: string;
  /** ms on the shared clock. */
  readonly now: () => number;
  /** Wall-clock time, ISO 8601. */
  readonly date: () => string;
}

const EVERY_MS = 10_000;

/** Shows the last picture, or on a first visit the simulated one, until there are true figures; keeps these for the next visit. */
export async function keepPast(store: AppStore, home: PastHome): Promise<void> {
  const past = readPast(kept(home.shelf) ?? '') ?? readPast(await home.simulated());
  store.setState(
    (state) => (state.picture.present || state.snapshot?.latency ? state : { ...state, past }),
    true,
  );

  let written = Number.NEGATIVE_INFINITY;
  store.subscribe((state) => {
    if (state.load.status !== 'running' || !state.picture.present?.settled) return;
    if (state.tab.hiddenSince !== null || home.now() - written < EVERY_MS) return;
    written = home.now();
    const next = pastOf(state, home.browser, home.date());
    if (next) keep(home.shelf, JSON.stringify(next));
  });
}

/** Without storage there is no last time. */
function kept(shelf: Shelf): string | null {
  try {
    return shelf.read();
  } catch {
    return null;
  }
}

/** It is no loss of anybody's work, so nobody is told where there is no room. */
function keep(shelf: Shelf, text: string): void {
  try {
    shelf.write(text);
  } catch {
    // See above.
  }
}
