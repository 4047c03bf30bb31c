import type { HeadwayAutomation } from '../client/automation';
import { applyChanges } from '../core/parameter';
import { SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import { LOAD_PARAMETERS, type LoadConfig } from '../load/load-config';
import { prometheusText } from '../metrics/prometheus';
import type { AppActions } from './actions';
import type { AppStore } from './app-store';

const ALL_PARAMETERS = { ...SERVING_PARAMETERS, ...LOAD_PARAMETERS };

/** `window.headway` over the page's own actions, so that a program and the sliders can never disagree. */
export function createAutomation(store: AppStore, actions: AppActions): HeadwayAutomation {
  const inForce = () => ({ ...store.getState().settings.serving, ...store.getState().settings.load });
  return {
    get ready() {
      return actions.ready();
    },
    loadModel: (choice) => actions.loadModel(choice),
    async configure(changes) {
      // All are checked before any takes effect.
      applyChanges<All>(ALL_PARAMETERS, inForce(), changes);
      await actions.configureServing(pick(changes, SERVING_PARAMETERS));
      await actions.configureLoad(pick(changes, LOAD_PARAMETERS));
      return inForce();
    },
    setTrace: (file) => actions.setTrace(file),
    startLoad: () => actions.startLoad(),
    stopLoad: () => actions.stopLoad(),
    runExperiment: (options, onProgress) => actions.runExperiment(options, onProgress),
    generate: (prompts, sampling) => actions.generate(prompts, sampling),
    snapshot: () => store.getState().snapshot,
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
