import type { Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import type { SessionPort } from '../session/session';
import type { AppStore } from './app-state';
import { presetNamed, settingsOf } from './presets';
import { changeSettings } from './reducers';
import { askedSettings, type SettingChanges, START_SETTINGS, sameValues, withChanges } from './settings';

export interface SettingActions {
  /**
   * In force when it resolves, and all of it together: one mark, one new point. Until then it is `pending`.
   * @throws HeadwayError `invalid-parameter`, alone or beside the rest, or the serving worker's own refusal, such as
   * `cache-too-large`; nothing has changed then
   */
  configure(changes: SettingChanges): Promise<void>;
  configureServing(changes: Partial<ServingConfig>): Promise<void>;
  configureLoad(changes: Partial<LoadConfig>): Promise<void>;
  setSlo(changes: Partial<Slo>): Promise<void>;
  resetServing(): Promise<void>;
  resetLoad(): Promise<void>;
  resetSlo(): Promise<void>;
  /** Scheduler, load and objectives as a first visit has them; the model stays. */
  resetAll(): Promise<void>;
  /** One of `LIVE_PRESETS`. @throws HeadwayError `invalid-parameter` for a name that there is not */
  applyPreset(name: string): Promise<void>;
}

interface Surroundings {
  readonly store: AppStore;
  readonly session: SessionPort;
  /** ms on the shared clock. */
  readonly now: () => number;
  readonly assertNotMeasuring: () => void;
}

/** What the page itself needs beside the actions. */
interface SettingKeeper {
  /** Resolves when every change that was asked for has been confirmed or refused. */
  readonly settled: () => Promise<unknown>;
}

export function createSettingActions(around: Surroundings): SettingActions & SettingKeeper {
  const { store, session, now, assertNotMeasuring } = around;
  let settled: Promise<unknown> = Promise.resolve();

  /** Nothing is in force before all of it is confirmed, and changes come into force in the order of the calls. */
  async function configure(changes: SettingChanges): Promise<void> {
    const { settings, pending } = store.getState();
    withChanges(askedSettings({ settings, pending }), changes);
    assertNotMeasuring();
    store.setState({ pending: [...pending, changes] });
    const isNew = pending.length > 0 || differs(settings.serving, changes.serving);
    // Asked at once, so that changes that come while a pass runs are answered together after it.
    const serving = isNew && changes.serving ? session.configure(changes.serving) : null;
    serving?.catch(() => {});
    const confirmed = settled.then(() => confirm(changes, serving));
    settled = confirmed.catch(() => {});
    try {
      await confirmed;
    } finally {
      store.setState((state) => ({ pending: state.pending.filter((one) => one !== changes) }));
    }
  }

  async function confirm(changes: SettingChanges, answer: Promise<ServingConfig> | null): Promise<void> {
    const serving = (await answer) ?? store.getState().settings.serving;
    const { settings } = store.getState();
    try {
      const { load, slo } = withChanges({ ...settings, serving }, { ...changes, serving });
      // Only what differs: a change ends the window of the figures.
      const {
        model,
        load: { status },
      } = store.getState();
      // The next server is told by the load that goes on.
      const runs = model.status === 'ready' && (status === 'running' || status === 'paused');
      if (runs && !sameValues(load, settings.load)) await session.traffic.start(load);
      if (!sameValues(slo, settings.slo)) await session.traffic.setSlo(slo);
      const change = { serving, load, slo };
      store.setState((state) => changeSettings(state, { ...state.settings, ...change }, now()), true);
    } catch (error) {
      if (changes.serving) await session.configure(pick(settings.serving, Object.keys(changes.serving)));
      throw error;
    }
  }

  const { serving, load, slo } = START_SETTINGS;
  return {
    settled: () => settled,
    configure,
    configureServing: (changes) => configure({ serving: changes }),
    configureLoad: (changes) => configure({ load: changes }),
    setSlo: (changes) => configure({ slo: changes }),
    resetServing: () => configure({ serving: DEFAULT_SERVING_CONFIG }),
    resetLoad: () => configure({ load }),
    resetSlo: () => configure({ slo }),
    resetAll: () => configure({ serving, load, slo }),
    applyPreset: async (name) => configure(settingsOf(presetNamed(name), store.getState().settings)),
  };
}

const differs = (config: ServingConfig, changes: Partial<ServingConfig> = {}): boolean =>
  !sameValues(config, { ...config, ...changes });

const pick = (config: ServingConfig, names: readonly string[]): Partial<ServingConfig> =>
  Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
