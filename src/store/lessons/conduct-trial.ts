import { HeadwayError } from '../../core/errors';
import { DEFAULT_LOAD_CONFIG } from '../../core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../../core/serving-config';
import type { Reading, Seen, Trial } from '../../lessons/lesson';
import { type Gathering, gather, NOTHING_YET } from '../../lessons/lesson';
import type { AppActions } from '../actions';
import type { AppState } from '../app-state';
import type { AppStore } from '../app-store';

export interface TrialPage {
  readonly store: AppStore;
  readonly actions: Pick<AppActions, 'configure' | 'startLoad' | 'stopLoad'>;
  /** ms on the shared clock. */
  readonly now: () => number;
}

/**
 * Sets what a trial sets, by the page's own actions, and watches its live figures until they suffice. It begins with an
 * empty server: what the setting before has left in the queue would be measured with it.
 * @throws HeadwayError `invalid-state` with the reason where the page was changed meanwhile or cannot be measured
 */
export async function conductTrial(
  { store, actions, now }: TrialPage,
  { trial, seen }: { readonly trial: Trial; readonly seen: Seen },
  onProgress: (gathering: Gathering) => void,
  signal: AbortSignal,
): Promise<Reading> {
  const { serving, load, slo } = trial.sets(seen);
  if (store.getState().model.status !== 'ready') throw interrupted('No model is being served.');
  await actions.stopLoad();
  await until(store, ({ load: { status } }) => status !== 'draining', signal);
  await actions.configure({
    serving: { ...DEFAULT_SERVING_CONFIG, ...serving },
    load: { ...DEFAULT_LOAD_CONFIG, ...load },
    ...(slo ? { slo } : {}),
  });
  signal.throwIfAborted();
  const since = now();
  await actions.startLoad();
  const { settings } = store.getState();

  let gathering = NOTHING_YET;
  let looked = store.getState().snapshot;
  await until(
    store,
    (state) => {
      const reason = whyInterrupted(state, settings);
      if (reason !== null) throw interrupted(reason);
      if (state.snapshot === null || state.snapshot === looked) return false;
      looked = state.snapshot;
      gathering = gather(gathering, state.snapshot, trial, since);
      onProgress(gathering);
      return gathering.kind !== 'gathering';
    },
    signal,
  );
  switch (gathering.kind) {
    case 'enough':
      return gathering.reading;
    case 'too-slow':
      throw interrupted(gathering.says);
    case 'gathering':
      throw interrupted('The step ended before enough was measured.');
  }
}

function whyInterrupted(state: AppState, settings: AppState['settings']): string | null {
  if (state.settings !== settings) return 'A setting was changed while the step was measured.';
  if (state.model.status !== 'ready') return 'The model stopped answering while the step was measured.';
  if (state.load.status !== 'running') return 'The load was paused or stopped while the step was measured.';
  return null;
}

/** Resolves when the state is so; rejects with what `isSo` throws, and when it is given up. */
export function until(
  store: AppStore,
  isSo: (state: AppState) => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener('abort', giveUp);
      settle();
    };
    const giveUp = () => end(() => reject(signal.reason));
    const look = (state: AppState) => {
      try {
        if (isSo(state)) end(resolve);
      } catch (error) {
        end(() => reject(error));
      }
    };
    const unsubscribe = store.subscribe(look);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    else look(store.getState());
  });
}

const interrupted = (message: string) => new HeadwayError('invalid-state', message);
