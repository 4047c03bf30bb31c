import type { Disturbance } from '../core/disturbance';
import type { ServingInfo } from '../core/engine';
import { HeadwayError } from '../core/errors';
import type { AppState, AppStore } from './app-state';
import { changeLoad, changeSettings } from './reducers';
import type { Settings } from './settings';
import { disturbancesOf } from './tab-state';
import type { Alone } from './tabs';

type Witnessed<Result> = Result & { readonly disturbed: readonly Disturbance[] };

/** The page while it measures: nothing else is sent, and settings stay as the measurement has them. */
export interface MeasuringPage {
  readonly served: ServingInfo;
  /** Shows the setting that is being measured, so that the picture gets its point. */
  readonly show: (setting: Pick<Settings, 'serving' | 'load' | 'slo'>) => void;
  /** What `measure` gives, and what disturbed it meanwhile. */
  readonly witness: <Result extends object>(measure: () => Promise<Result>) => Promise<Witnessed<Result>>;
  /** Requests of the present repeat. */
  readonly progress: (of: { done: number; total: number; repeat: number }) => void;
}

/** Takes the page over for a measurement and gives it back as it was. @throws HeadwayError `invalid-state`, or what `use` throws */
export type Measuring = <Result>(use: (page: MeasuringPage) => Promise<Result>) => Promise<Result>;

interface Surroundings {
  readonly store: AppStore;
  readonly now: () => number;
  /** @throws HeadwayError `invalid-state` while something measures or no model is served */
  readonly assertFree: () => ServingInfo;
  /** Keeps several tabs from measuring at once. */
  readonly alone: Alone;
  /** Looks once more at what other tabs do. */
  readonly look: () => Promise<void>;
  /** Lets pending settings be confirmed or refused, and stops the live load. */
  readonly drain: () => Promise<void>;
  /** Puts these settings in force again, and lets the live load go on where it is wanted. */
  readonly restore: (settings: Settings) => Promise<void>;
}

/** Stops the live load, measures while no other tab does, and puts settings and load back. */
export function createMeasuring({
  store,
  now,
  assertFree,
  alone,
  look,
  drain,
  restore,
}: Surroundings): Measuring {
  const update = (change: (state: AppState) => AppState) => store.setState(change, true);
  let isAsked = false;

  /** While another tab is asked, nothing has changed here. */
  async function inTurn<Result>(measure: () => Promise<Result>): Promise<Result> {
    if (isAsked) throw new HeadwayError('invalid-state', 'A measurement is about to begin in this tab.');
    isAsked = true;
    try {
      return await alone(measure);
    } finally {
      isAsked = false;
    }
  }

  return async (use) => {
    assertFree();
    assertAlone(store.getState());
    let before = store.getState().settings;
    const progress: MeasuringPage['progress'] = (of) =>
      update((state) => changeLoad(state, { status: 'measuring', ...of }, now()));
    const show: MeasuringPage['show'] = ({ serving, load, slo }) =>
      update((state) => changeSettings(state, { ...before, serving, load, slo }, now()));
    return inTurn(async () => {
      // The model may have gone meanwhile.
      const served = assertFree();
      progress({ done: 0, total: 0, repeat: 1 });
      try {
        await drain();
        before = store.getState().settings;
        return await use({ served, show, progress, witness: (measure) => witness(store, look, measure) });
      } finally {
        update((state) => changeSettings(changeLoad(state, { status: 'stopped' }, now()), before, now()));
        await restore(before);
      }
    });
  };
}

function assertAlone({ tab }: AppState): void {
  if (tab.others.busy === 0) return;
  throw new HeadwayError(
    'invalid-state',
    'Another tab of this page has a model under load on the same machine, which would spoil what is measured here. Pause or stop the load there, or close that tab.',
  );
}

/**
 * The result of `measure`, and what disturbed it meanwhile as the page saw it.
 * @param look has the page look at its surroundings once more, so that what began just before the end is seen
 */
export async function witness<Result extends object>(
  store: AppStore,
  look: () => Promise<void>,
  measure: () => Promise<Result>,
): Promise<Witnessed<Result>> {
  const seen = new Set(disturbancesOf(store.getState().tab));
  const stop = store.subscribe(({ tab }) => {
    for (const one of disturbancesOf(tab)) seen.add(one);
  });
  try {
    const result = await measure();
    await look();
    return { ...result, disturbed: [...seen] };
  } finally {
    stop();
  }
}
