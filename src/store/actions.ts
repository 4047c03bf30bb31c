import { calibrationOf } from '../core/calibration';
import type { Commands, PAGE_COMMANDS, Traffic } from '../core/commands';
import type { ServingInfo } from '../core/engine';
import { HeadwayError, type PlainError, toPlain } from '../core/errors';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import type { ServingConfig } from '../core/serving-config';
import { runBench } from '../experiments/runner';
import type { SessionListeners, SessionPort } from '../session/session';
import type { AppStore } from './app-state';
import { modelProgress, servedModel, unserved } from './app-state';
import { createExperimentActions, type ExperimentsHome, environmentOf } from './experiment-actions';
import type { ExperimentActions } from './experiments-state';
import { asking, createLoadActions } from './load-actions';
import { createMeasuring } from './measuring';
import { createModelActions, type ModelActions } from './models';
import { clearFinished, removeFinished } from './operating-point';
import type { PlaneOverlay } from './plane';
import {
  addProblem,
  changeLoad,
  changeModel,
  changeSettings,
  dismissProblem,
  mergeSamples,
  replaceWorker,
  seeUpdate,
} from './reducers';
import { createSettingActions, type SettingActions } from './setting-actions';
import type { Settings } from './settings';
import type { Alone } from './tabs';

/** What the page does and does not offer to programs in this form. */
type OwnCommands = 'configure' | 'runSweep' | 'resumeRun' | 'exportRun' | 'importRun';

/** Everything that can be done on the page, by hand or by program. Those that throw say what was given and allowed. */
export interface AppActions
  extends Omit<Commands<typeof PAGE_COMMANDS>, OwnCommands>,
    Pick<Traffic, 'previewTrace' | 'watchSlots' | 'send' | 'cancel'>,
    ModelActions,
    SettingActions,
    ExperimentActions {
  /** The outcome of the model load begun last. */
  ready(): Promise<ServingInfo>;
  removeFinished(id: number): void;
  clearFinished(): void;
  /** Lays curves over the main chart, in the place of an overlay with the same id. */
  showOverlay(overlay: PlaneOverlay): void;
  removeOverlay(id: string): void;
  reportProblem(error: PlainError): void;
  dismissProblem(id: number): void;
}

export interface ActionsEnvironment extends ExperimentsHome {
  /** Keeps several tabs from measuring at once. */
  readonly alone: Alone;
  /** Looks once more at what other tabs do. */
  readonly look: () => Promise<void>;
  readonly store: AppStore;
  /** Opens the session; what it tells by itself goes to the listeners. */
  readonly open: (listeners: SessionListeners) => SessionPort;
  /** ms on the shared clock. */
  readonly now: () => number;
  /** The page's own URL: model directories are relative to it. */
  readonly base: string;
  /** Whether the load starts by itself when the first model is ready. */
  readonly autostart: boolean;
}

/**
 * Where the cores are few, drawing takes from the model what the model would serve with: on two cores the picture redrawn
 * four times a second cost a measurement a third of its throughput.
 */
const MEASURING_REDRAW_MS = 2000;

export function createActions({
  store,
  open,
  now,
  base,
  autostart,
  alone,
  look,
  ...home
}: ActionsEnvironment): AppActions {
  let lastLoad: Promise<ServingInfo> = Promise.reject(invalidState('No model was chosen yet.'));
  lastLoad.catch(() => {});

  const update = (change: (state: ReturnType<AppStore['getState']>) => ReturnType<AppStore['getState']>) =>
    store.setState(change, true);
  const problem = (error: unknown) => update((state) => addProblem(state, toPlain(error, 'worker-failed')));

  const session = open({
    onUpdate: (news) => {
      const { load, snapshot } = store.getState();
      const since = news.snapshot.at - (snapshot?.at ?? Number.NEGATIVE_INFINITY);
      if (load.status === 'measuring' && since < MEASURING_REDRAW_MS) return;
      update((state) => seeUpdate(state, news));
    },
    onReplacing: (error) => update((state) => replaceWorker(state, error, now())),
    onReplaced: (info) => {
      // Another model may have been asked for meanwhile.
      if (store.getState().model.status !== 'replacing') return;
      update((state) => changeModel(state, { status: 'ready', info }, now()));
      goOn().catch(problem);
    },
    onLost: (error) =>
      update((state) =>
        changeLoad(changeModel(state, { status: 'lost', error }, now()), { status: 'stopped' }, now()),
      ),
  });

  const { serving, slo } = store.getState().settings;
  // Nothing is served yet that could refuse them: a model is loaded with room for the slots asked for.
  const begun = Promise.all([session.configure(serving), session.traffic.setSlo(slo)]);
  begun.catch(problem);

  function assertNotMeasuring() {
    if (store.getState().load.status === 'measuring') {
      throw invalidState(
        'A measurement is running; settings stay as they are and nothing else is sent until it has ended.',
      );
    }
  }

  function assertReady(): ServingInfo {
    const { model } = store.getState();
    if (model.status === 'ready') return model.info;
    throw invalidState(`No model is being served; the model is ${model.status}.`);
  }

  function assertFree(): ServingInfo {
    assertNotMeasuring();
    return assertReady();
  }

  const { choose, ...modelActions } = createModelActions({ store, session, base });

  async function serve(settings: Settings, previous: Promise<unknown>): Promise<ServingInfo> {
    const { wasmThreads } = settings;
    const choice = {
      ...choose(settings.model, settings.backend),
      ...(wasmThreads !== 'auto' && { wasmThreads }),
    };
    await Promise.allSettled([begun, previous]);
    await stop();
    update((state) => changeModel(state, { status: 'loading', progress: null }, now()));
    try {
      const info = await session.loadModel(choice, (progress) =>
        update((state) => changeModel(state, modelProgress(progress), now())),
      );
      update((state) => changeModel(state, { status: 'ready', info }, now()));
      await goOn();
      return info;
    } catch (error) {
      update((state) => changeModel(state, unserved(state.model, toPlain(error)), now()));
      throw error;
    }
  }

  const { stop, goOn, ...loadActions } = createLoadActions({
    store,
    session,
    now,
    autostart,
    assertReady,
    assertNotMeasuring,
  });

  const { settled, ...settingActions } = createSettingActions({ store, session, now, assertNotMeasuring });

  const measuring = createMeasuring({
    store,
    now,
    assertFree,
    alone,
    look,
    drain: async () => {
      await settled();
      await session.traffic.stop();
    },
    restore: ({ serving, slo }) =>
      Promise.all([session.configure(serving), session.traffic.setSlo(slo)])
        .then(goOn)
        .catch(problem),
  });

  const actions: AppActions = {
    async loadModel({ model, backend, wasmThreads }) {
      assertNotMeasuring();
      const { settings } = store.getState();
      const next = {
        ...settings,
        model: model ?? settings.model,
        backend: backend ?? settings.backend,
        wasmThreads: wasmThreads ?? settings.wasmThreads,
      };
      try {
        choose(next.model, next.backend);
      } catch (error) {
        // Nothing was touched. Where nothing is served either, as after a link, the page shows why.
        if (store.getState().model.status !== 'idle') throw error;
        lastLoad = Promise.reject(error);
        lastLoad.catch(() => {});
        update((state) => changeModel(state, { status: 'failed', error: toPlain(error) }, now()));
        throw error;
      }
      update((state) => changeSettings(state, next, now()));
      lastLoad = serve(next, lastLoad);
      lastLoad.catch(() => {});
      return lastLoad;
    },
    ...modelActions,
    ready: () => lastLoad,
    ...settingActions,
    async setTrace(file) {
      const { name } = 'info' in file ? file.info : file;
      update((state) => ({ ...state, trace: { ...state.trace, reading: name, problem: null } }));
      try {
        assertNotMeasuring();
        const info = await session.traffic.setTrace(file);
        if ('unit' in file && file.unit) await settingActions.configureLoad({ traceUnit: file.unit });
        update((state) => ({ ...state, trace: { info, reading: null, problem: null } }));
        return info;
      } catch (error) {
        const { message } = toPlain(error);
        update((state) => ({ ...state, trace: { ...state.trace, reading: null, problem: message } }));
        throw error;
      }
    },
    previewTrace: session.traffic.previewTrace,
    attach: session.traffic.attach,
    async setPrompts(file) {
      assertNotMeasuring();
      return session.traffic.setPrompts(file);
    },
    async calibration() {
      const fitted = await session.traffic.twin();
      const served = servedModel(store.getState().model);
      return fitted && served && calibrationOf(fitted, served, isoNow());
    },
    watchSlots: session.traffic.watchSlots,
    cancel: session.traffic.cancel,
    ...loadActions,
    async send(text) {
      assertFree();
      const sample = await asking(store, () => session.traffic.send(text));
      update((state) => ({ ...state, own: mergeSamples(state.own, [sample]) }));
      return sample;
    },
    async generate(prompts, sampling) {
      assertFree();
      return asking(store, () => session.traffic.generate(prompts, sampling));
    },
    runExperiment: (options, onProgress) =>
      measuring(({ served, show, witness, progress }) => {
        show({ ...options, load: changeLoadConfig(DEFAULT_LOAD_CONFIG, options.load) });
        const handles = {
          configure: (config: ServingConfig) => session.configure(config),
          measure: (...run: Parameters<Traffic['measure']>) => witness(() => session.traffic.measure(...run)),
          environment: environmentOf(served, home.facts),
          now: isoNow,
        };
        return runBench(options, handles, (of) => {
          progress(of);
          onProgress?.(of);
        });
      }),
    ...createExperimentActions({ ...home, store, session, measuring, problem, now: isoNow }),
    removeFinished: (id) => update((state) => ({ ...state, picture: removeFinished(state.picture, id) })),
    clearFinished: () => update((state) => ({ ...state, picture: clearFinished(state.picture) })),
    showOverlay: (overlay) =>
      update((state) => ({
        ...state,
        overlays: [...state.overlays.filter(({ id }) => id !== overlay.id), overlay],
      })),
    removeOverlay: (id) =>
      update((state) => ({ ...state, overlays: state.overlays.filter((overlay) => overlay.id !== id) })),
    reportProblem: (error) => update((state) => addProblem(state, error)),
    dismissProblem: (id) => update((state) => dismissProblem(state, id)),
  };
  return actions;
}

const isoNow = () => new Date().toISOString();
const invalidState = (message: string) => new HeadwayError('invalid-state', message);
