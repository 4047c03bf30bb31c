import { HeadwayError } from '../core/errors';
import type { AppStore } from './app-state';
import { isUnderLoad, seeHidden, seeOthers } from './tab-state';

/** Does `use` while nobody else does. @throws HeadwayError `invalid-state` where somebody does */
export type Alone = <Result>(use: () => Promise<Result>) => Promise<Result>;

/**
 * Among the tabs of this page: two that measure at once would spoil each other's figures, and what they keep. The lock goes
 * with its tab. Browsers without locks let tabs do as they like.
 */
export const aloneAmongTabs: Alone = async (use) => {
  if (!('locks' in navigator)) return use();
  return navigator.locks.request('headway-experiment', { ifAvailable: true }, (lock) => {
    if (lock) return use();
    throw new HeadwayError(
      'invalid-state',
      'Another tab of this page is measuring an experiment; wait for its end, or pause it there.',
    );
  });
};

const NAME = 'headway-tab';

/** What a tab claims: that it holds a model, and that the model is under load. */
type Claim = 'open' | 'busy';

/** Tells the store when this tab is hidden and seen again. @param now ms on the shared clock */
export function watchVisibility(store: AppStore, now: () => number): void {
  const look = () => store.setState((state) => seeHidden(state, document.hidden, now()), true);
  document.addEventListener('visibilitychange', look);
  look();
}

/**
 * Tells the store of other tabs of this page, and them of this one. A claim is a lock under the tab's own name, so it ends
 * with its tab, however that ends; who has seen one waits for its end, and a message says that there is a new one.
 * Browsers without locks tell nothing. @param now ms on the shared clock
 */
export function watchOtherTabs(store: AppStore, now: () => number): void {
  if (!('locks' in navigator)) return;
  const { locks } = navigator;
  const own = crypto.randomUUID();
  const channel = new BroadcastChannel(NAME);
  const awaited = new Set<string>();
  const release = new Map<Claim, () => void>();

  async function look(): Promise<void> {
    const { held = [] } = await locks.query();
    // Those who wait for an end hold a lock for a moment, too, but share it.
    const claims = held.flatMap(({ name = '', mode }) => {
      const [prefix, claim, tab] = name.split(' ');
      return mode === 'exclusive' && prefix === NAME && tab !== own ? [{ name, claim }] : [];
    });
    for (const { name } of claims) void lookAfter(name);
    const count = (wanted: Claim) => claims.filter(({ claim }) => claim === wanted).length;
    const others = { open: count('open'), busy: count('busy') };
    store.setState((state) => seeOthers(state, others, now()), true);
  }

  async function lookAfter(name: string): Promise<void> {
    if (awaited.has(name)) return;
    awaited.add(name);
    await locks.request(name, { mode: 'shared' }, () => {});
    awaited.delete(name);
    await look();
  }

  function claim(what: Claim, holds: boolean): void {
    const end = release.get(what);
    if (holds === (end !== undefined)) return;
    if (end) {
      release.delete(what);
      end();
      return;
    }
    const ended = new Promise<void>((resolve) => release.set(what, resolve));
    void locks.request(`${NAME} ${what} ${own}`, () => {
      channel.postMessage('look');
      return ended;
    });
  }

  const say = (state: ReturnType<AppStore['getState']>) => {
    const { status } = state.model;
    claim('open', status !== 'idle' && status !== 'failed' && status !== 'lost');
    claim('busy', isUnderLoad(state));
  };
  channel.onmessage = () => void look();
  store.subscribe(say);
  say(store.getState());
  void look();
}
