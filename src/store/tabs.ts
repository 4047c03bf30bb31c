import type { Clock } from '../core/clock';
import { HeadwayError } from '../core/errors';
import type { AppState, AppStore } from './app-state';
import { isAtWork, isUnderLoad, seeHidden, seeOthers } from './tab-state';

/** The part of the browser's `LockManager` that is used. */
export interface Locks {
  request<Result>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    use: (lock: object | null) => Promise<Result>,
  ): Promise<Result>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** The browser's locks; null where it has none, as on an insecure page. */
export const browserLocks = (): Locks | null => ('locks' in navigator ? navigator.locks : null);

/** Runs `use` unless another tab runs one. @throws HeadwayError `invalid-state` where another tab does */
export type Alone = <Result>(use: () => Promise<Result>) => Promise<Result>;

const MEASURING = 'headway-measuring';

/**
 * Only one tab of the page measures at a time: two would spoil each other's figures. The lock ends with its tab. Where the
 * browser has no locks, or refuses them, tabs do not know of each other.
 */
export const aloneAmongTabs =
  (locks: Locks | null): Alone =>
  async (use) => {
    if (!locks) return use();
    let isDecided = false;
    try {
      return await locks.request(MEASURING, { ifAvailable: true }, (lock) => {
        isDecided = true;
        if (lock) return use();
        throw new HeadwayError(
          'invalid-state',
          'Another tab of this page is measuring; wait for its end, or pause or cancel it there.',
        );
      });
    } catch (error) {
      if (isDecided) throw error;
      return use();
    }
  };

/** Tells the store when this tab is hidden and seen again. @param now ms on the shared clock */
export function watchVisibility(store: AppStore, now: () => number): void {
  const look = () => store.setState((state) => seeHidden(state, document.hidden, now()), true);
  document.addEventListener('visibilitychange', look);
  look();
}

const PREFIX = 'headway-tab';
const LOOK_MS = 500;
/** A claim is held for this much longer, so that other tabs see work that is shorter than the time between two looks. */
const LINGER_MS = 1500;

/** What a tab claims by holding a lock of this name. */
const CLAIMS: Readonly<Record<'open' | 'busy' | 'working', (state: AppState) => boolean>> = {
  open: ({ model }) => model.status !== 'idle' && model.status !== 'failed' && model.status !== 'lost',
  busy: isUnderLoad,
  working: isAtWork,
};

interface Watching {
  readonly store: AppStore;
  readonly locks: Locks | null;
  readonly clock: Clock;
  /** Told once when the browser refuses locks: then tabs do not know of each other. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Tells the store what other tabs of this page do, and holds the locks by which they see what this one does.
 * @returns a function that looks once more, at once
 */
export function watchOtherTabs({ store, locks, clock, onRefused }: Watching): () => Promise<void> {
  if (!locks) return async () => {};
  const own = crypto.randomUUID();
  const held = new Map<string, { readonly release: () => void; until: number }>();
  let isRefused = false;
  const refused = (error: unknown) => {
    if (!isRefused) onRefused(error);
    isRefused = true;
  };

  function claim(): void {
    const state = store.getState();
    const at = clock.now();
    for (const [name, holds] of Object.entries(CLAIMS)) {
      const lock = held.get(name);
      if (holds(state)) {
        if (lock) lock.until = at + LINGER_MS;
        else take(name, at + LINGER_MS);
      } else if (lock && at >= lock.until) {
        held.delete(name);
        lock.release();
      }
    }
  }

  function take(name: string, until: number): void {
    const released = new Promise<void>((release) => held.set(name, { release, until }));
    locks?.request(`${PREFIX} ${name} ${own}`, {}, () => released).catch(refused);
  }

  async function look(locks: Locks): Promise<void> {
    const names = ((await locks.query()).held ?? []).map(({ name = '' }) => name.split(' '));
    const others = names.filter(([prefix, , tab]) => prefix === PREFIX && tab !== own);
    const count = (wanted: string) => others.filter(([, name]) => name === wanted).length;
    const seen = { open: count('open'), busy: count('busy'), working: count('working') };
    store.setState((state) => seeOthers(state, seen, clock.now()), true);
  }

  store.subscribe(claim);
  void (async () => {
    while (!isRefused) {
      claim();
      await look(locks).catch(refused);
      await clock.sleep(LOOK_MS);
    }
  })();
  return () => look(locks).catch(refused);
}
