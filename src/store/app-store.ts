import { createStore } from 'zustand/vanilla';
import { type AppState, initialState } from './app-state';
import type { Settings } from './settings';

/** The page's one store, without React: the components, the automation and the tests use the same. */
export const createAppStore = (settings: Settings) => createStore<AppState>(() => initialState(settings));

export type AppStore = ReturnType<typeof createAppStore>;
