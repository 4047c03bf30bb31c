import type { AppStore } from './app-state';
import type { Settings } from './settings';
import { type DecodedLink, encodeSettings } from './url-codec';

/** The address of the page with these settings, all of them. */
export const linkTo = (settings: Settings): string =>
  `${location.origin}${location.pathname}?${encodeSettings(settings)}${location.hash}`;

/** Keeps every setting in the page's address once one of them has changed, so that a link reproduces the view. */
export function keepLink(
  store: AppStore,
  { autostart, embed }: Pick<DecodedLink, 'autostart' | 'embed'>,
): void {
  store.subscribe((state, before) => {
    if (state.settings === before.settings || state.load.status === 'measuring') return;
    const query = encodeSettings(state.settings);
    const rest = `${autostart ? '' : '&autostart=off'}${embed === null ? '' : `&embed=${embed}`}`;
    history.replaceState(null, '', `?${query}${rest}${location.hash}`);
  });
}
