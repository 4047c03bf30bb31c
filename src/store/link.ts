import type { AppStore } from './app-store';
import { encodeSettings } from './url-codec';

/** Keeps every setting in the page's address once one of them has changed, so that a link reproduces the view. */
export function keepLink(store: AppStore, autostart: boolean): void {
  store.subscribe((state, before) => {
    if (state.settings === before.settings || state.load.status === 'measuring') return;
    const query = encodeSettings(state.settings);
    history.replaceState(null, '', `?${query}${autostart ? '' : '&autostart=off'}${location.hash}`);
  });
}
