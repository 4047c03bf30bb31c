import type { Disturbance } from '../core/disturbance';
import type { AppStore } from './app-store';
import { disturbancesOf } from './tab-state';

/** The result of `measure`, and what disturbed it meanwhile as the page saw it. */
export async function witness<Result extends object>(
  store: AppStore,
  measure: () => Promise<Result>,
): Promise<Result & { readonly disturbed: readonly Disturbance[] }> {
  const seen = new Set(disturbancesOf(store.getState().tab));
  const stop = store.subscribe(({ tab }) => {
    for (const one of disturbancesOf(tab)) seen.add(one);
  });
  try {
    return { ...(await measure()), disturbed: [...seen] };
  } finally {
    stop();
  }
}
