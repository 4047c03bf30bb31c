import type { InspectedModel } from '../core/commands';
import type { BackendChoice, ModelChoice } from '../core/engine';
import type { KeptModel, PickedFile } from '../core/model';
import type { SessionPort } from '../session/session';
import type { AppStore } from './app-store';
import { chooseModel } from './model-catalogue';

/** What can be done about models beside loading one. */
export interface ModelActions {
  /** Ends the loading under way; what was downloaded is kept, and nothing is served then. */
  cancelLoad(): void;
  /** Files of a directory on the visitor's disk, which can then be loaded as `picked:NAME`. They are not copied. */
  pickModel(name: string, files: readonly PickedFile[]): void;
  /** What a model of the hub or a picked one holds and what stands in its way. @throws HeadwayError when it cannot be asked */
  inspectModel(model: string): Promise<InspectedModel>;
  /** Looks which models of the hub this browser keeps; they stand in the state. @throws HeadwayError `storage-failed` */
  lookForKeptModels(): Promise<void>;
  /** @throws HeadwayError `storage-failed` */
  removeKeptModel(model: Pick<KeptModel, 'name' | 'revision'>): Promise<void>;
}

interface ModelParts {
  readonly store: AppStore;
  readonly session: SessionPort;
  /** The page's own URL. */
  readonly base: string;
}

export interface Models extends ModelActions {
  /** As `chooseModel`, with what was picked. */
  choose(model: string, backend: BackendChoice): ModelChoice;
}

export function createModelActions({ store, session, base }: ModelParts): Models {
  const picked = new Map<string, readonly PickedFile[]>();
  const choose = (model: string, backend: BackendChoice) => chooseModel(model, backend, base, picked);
  const lookForKeptModels = async () => {
    store.setState({ keptModels: await session.traffic.keptModels() });
  };
  return {
    choose,
    cancelLoad: () => session.cancelLoad(),
    pickModel: (name, files) => void picked.set(name, files),
    inspectModel: async (model) => session.traffic.inspect(choose(model, 'auto')),
    lookForKeptModels,
    removeKeptModel: async (model) => {
      await session.traffic.removeKeptModel(model);
      await lookForKeptModels();
    },
  };
}
