import { HeadwayError } from '../core/errors';
import type { Slo } from '../core/figures';
import { changeLoadConfig, type LoadConfig } from '../core/load-config';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { SLO_PARAMETERS } from '../core/slo-parameters';
import { contradiction } from '../traffic/contradictions';
import type { AppStore } from './app-store';
import { presetNamed, settingsOf } from './presets';
import { changeSettings } from './reducers';
import type { SessionPort } from './session-port';
import { START_SETTINGS, sameValues } from './settings';

/** What of the settings changes; the rest stays. */
export interface SettingChanges {
  readonly serving?: Partial<ServingConfig>;
  readonly load?: Partial<LoadConfig>;
  readonly slo?: Partial<Slo>;
}

export interface SettingActions {
  /**
   * Takes effect at once, and all of it together: one mark, one new point.
   * @throws HeadwayError `invalid-parameter` for what is not allowed, alone or beside the rest; nothing has changed then
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
  /** Tells the workers something in the order of the calls; what they refuse is shown. */
  readonly inTurn: (tell: () => Promise<unknown>) => Promise<void>;
}

export function createSettingActions(around: Surroundings): SettingActions {
  const { store, session, now, assertNotMeasuring, inTurn } = around;

  async function configure(changes: SettingChanges): Promise<void> {
    const { settings } = store.getState();
    const serving = changeServingConfig(settings.serving, changes.serving ?? {});
    const load = changeLoadConfig(settings.load, changes.load ?? {});
    const slo = { ...settings.slo, ...checkSlo(changes.slo ?? {}) };
    const wrong = contradiction(serving, load);
    if (wrong) throw new HeadwayError('invalid-parameter', wrong);
    assertNotMeasuring();
    store.setState((state) => changeSettings(state, { ...settings, serving, load, slo }, now()), true);
    // What is set before a model is there, the model that comes is told.
    if (store.getState().model.status !== 'ready') return;
    // Only what differs: being told ends the figures' window.
    await inTurn(async () => {
      if (!sameValues(serving, settings.serving)) await session.configure(serving);
      const { status } = store.getState().load;
      const runs = status === 'running' || status === 'paused';
      if (runs && !sameValues(load, settings.load)) await session.startLoad(load);
      if (!sameValues(slo, settings.slo)) await session.setSlo(slo);
    });
  }

  const { serving, load, slo } = START_SETTINGS;
  return {
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

/** @throws HeadwayError `invalid-parameter` */
function checkSlo(changes: Partial<Slo>): Partial<Slo> {
  for (const { name, parse } of Object.values(SLO_PARAMETERS)) parse(String(changes[name] ?? 'off'));
  return changes;
}
