import {
  type Commands,
  checkArguments,
  commandsOf,
  type HeadwayAutomation,
  type KeptRun,
  PAGE_COMMANDS,
  type SweepProgress,
} from '../core/commands';
import type { ExperimentRun } from '../core/experiment';
import { withFirstNames } from '../core/figures';
import { LOAD_PARAMETERS, type LoadConfig, withImpliedArrival } from '../core/load-config';
import { applyChanges } from '../core/parameter';
import { SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import { gridExperiment } from '../experiments/grid';
import { prometheusText } from '../metrics/prometheus';
import type { AppActions } from './actions';
import type { AppStore } from './app-state';
import { base64Of } from './export-files';
import { headerOf } from './run-archive';

const ALL_PARAMETERS = { ...SERVING_PARAMETERS, ...LOAD_PARAMETERS };

/** `window.headway` over the page's own actions, so that a program and the sliders can never disagree. */
export function createAutomation(store: AppStore, actions: AppActions): HeadwayAutomation {
  const inForce = () => ({ ...store.getState().settings.serving, ...store.getState().settings.load });
  /** With progress for as long as it takes. */
  const told = async (
    onProgress: (progress: SweepProgress) => void = () => {},
    measure: () => Promise<ExperimentRun>,
  ): Promise<KeptRun> => {
    const unsubscribe = store.subscribe(({ experiments: { active } }, before) => {
      if (active && active !== before.experiments.active) onProgress(active);
    });
    try {
      return headerOf(await measure());
    } finally {
      unsubscribe();
    }
  };
  /** Where a program's form of a command differs from the page's own. */
  const own: Pick<
    HeadwayAutomation,
    'configure' | 'runExperiment' | 'runSweep' | 'resumeRun' | 'exportRun' | 'importRun'
  > = {
    async configure(changes) {
      // A name that is in neither table is reported with all names that there are.
      applyChanges<All>(ALL_PARAMETERS, inForce(), changes);
      await actions.configure({
        serving: pick(changes, SERVING_PARAMETERS),
        load: withImpliedArrival(pick(changes, LOAD_PARAMETERS), store.getState().settings.load.arrival),
      });
      return inForce();
    },
    async runExperiment(options, onProgress) {
      return actions.runExperiment({ ...options, load: withImpliedArrival(options.load) }, onProgress);
    },
    async runSweep(presetOrGrid, onProgress, options) {
      const experiment =
        typeof presetOrGrid === 'string' ? presetOrGrid : gridExperiment(presetOrGrid, 'The grid');
      return told(onProgress, () => actions.startExperiment(experiment, options));
    },
    resumeRun: (id, onProgress) => told(onProgress, () => actions.resumeExperiment(id)),
    importRun: async (run) => headerOf(await actions.importRun(run)),
    async exportRun(id) {
      const files = await actions.exportRun(id);
      return files.map(({ name, content }) =>
        typeof content === 'string' ? { name, text: content } : { name, base64: base64Of(content) },
      );
    },
  };
  const implemented: Commands<typeof PAGE_COMMANDS> = { ...actions, ...own };
  return {
    ...commandsOf(PAGE_COMMANDS, async (name, args) => {
      checkArguments(PAGE_COMMANDS, name, args);
      const run: (...given: never[]) => Promise<unknown> = implemented[name];
      return run(...(args as never[]));
    }),
    get ready() {
      return actions.ready();
    },
    runs: () => store.getState().experiments.headers,
    snapshot: () => {
      const { snapshot } = store.getState();
      return snapshot && withFirstNames(snapshot);
    },
    metrics: () => {
      const { snapshot } = store.getState();
      return snapshot ? prometheusText(snapshot) : '';
    },
  };
}

type All = ServingConfig & LoadConfig;

function pick<Name extends keyof All>(changes: Partial<All>, table: Readonly<Record<Name, unknown>>) {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => name in table)) as Partial<
    Pick<All, Name>
  >;
}
