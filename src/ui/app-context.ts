import { createContext, useCallback, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { isCancelled } from '../core/errors';
import type { AppActions } from '../store/actions';
import type { AppState, AppStore } from '../store/app-state';
import type { LessonConductor } from '../store/lessons/lesson-conductor';
import type { LessonsState } from '../store/lessons/lessons-state';
import { askedSettings, type Settings } from '../store/settings';

import type { ShowMe, ShowState } from '../store/show-me';
import type { Twin, TwinState } from '../store/twin';
import type { Embed } from '../store/url-codec';

export interface AppHandle {
  readonly store: AppStore;
  readonly actions: AppActions;
  readonly lessons: LessonConductor;
  readonly show: ShowMe;
  /** The one part of the page that is shown; null for all of it. */
  readonly embed: Embed | null;
  readonly twin: Twin;
}

export const AppContext = createContext<AppHandle | null>(null);

function useHandle(): AppHandle {
  const handle = useContext(AppContext);
  if (!handle) throw new Error('A component stands outside of AppContext.');
  return handle;
}

/** A part of the page's state; the component renders again when that part changes. */
export const useApp = <T>(select: (state: AppState) => T): T => useStore(useHandle().store, select);

/** What the controls show: the settings in force, with what was asked for and is not confirmed yet. */
export function useAskedSettings(): Settings {
  const settings = useApp((state) => state.settings);
  const pending = useApp((state) => state.pending);
  return useMemo(() => askedSettings({ settings, pending }), [settings, pending]);
}

/** A part of what the lessons are at. */
export const useLessons = <T>(select: (state: LessonsState) => T): T =>
  useStore(useHandle().lessons.store, select);

export const useConductor = (): LessonConductor => useHandle().lessons;

/** The 30 seconds: what starts and ends them, and where they stand. */
export const useShow = (): ShowMe => useHandle().show;

export const useShowState = (): ShowState => useStore(useHandle().show.store);

/** The digital twin: what it rests on, and answers to questions. */
export const useTwin = (): Twin => useHandle().twin;

export const useTwinState = (): TwinState => useStore(useHandle().twin.store);

export const useActions = (): AppActions => useHandle().actions;

/** An action from a control: what it rejects with is shown, never swallowed. */
export function useAttempt(): (action: () => Promise<unknown>) => void {
  const actions = useActions();
  return useCallback(
    (action) => {
      const report = (error: unknown) => {
        if (isCancelled(error)) return;
        const message = error instanceof Error ? error.message : String(error);
        actions.reportProblem({ code: 'invalid-state', message });
      };
      try {
        action().catch(report);
      } catch (error) {
        report(error);
      }
    },
    [actions],
  );
}
