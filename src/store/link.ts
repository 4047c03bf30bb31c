import type { AppStore } from './app-store';
import type { Settings } from './settings';
import { encodeSettings } from './url-codec';

/** The address of the page with these settings, all of them. */
export const linkTo = (settings: Settings): string =>
  `${location.origin}${location.pathname}?${encodeSettings(settings)}${location.hash}`;

/** Keeps every setting in the page's address once one of them has changed, so that a link reproduces the view. */
export function keepLink(store: AppStore, autostart: boolean): void {
  store.subscribe((state, before) => {
    if (state.settings === before.settings || state.load.status === 'measuring') return;
    const query = encodeSettings(state.settings);
    history.replaceState(null, '', `?${query}${autostart ? '' : '&autostart=off'}${location.hash}`);
  });
}
