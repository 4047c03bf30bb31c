import type { InspectedModel } from '../core/commands';
import type { BackendChoice, ModelChoice } from '../core/engine';
import { HeadwayError } from '../core/errors';
import type { KeptModel, PickedFile } from '../core/model';
import { formatDirectoryName, isHub, isPicked, parseDirectoryName } from '../model/directory/directory-name';
import { formatSynthetic, isSynthetic, parseSynthetic } from '../model/synthetic/spec';
import type { SessionPort } from '../session/session';
import type { AppStore } from './app-state';

interface CatalogueEntry {
  readonly name: string;
  /** Relative to the page. */
  readonly url: string;
  readonly says: string;
}

/** Models that come with the page. Anything else is a directory on the same origin. */
export const MODEL_CATALOGUE: readonly CatalogueEntry[] = [
  { name: 'mini-gpt', url: 'models/mini-gpt/', says: 'corrects a sentence' },
];

/** Files that were picked on this page, by the name of their directory. */
type PickedModels = ReadonlyMap<string, readonly PickedFile[]>;

/**
 * A catalogue name, a synthetic model, a model of the hub, picked files or a directory's URL, as a choice that can be
 * loaded. Files that are not there any more are found missing when it is.
 * @param base the page's own URL
 * @throws HeadwayError `invalid-parameter` for none of them
 */
function chooseModel(
  model: string,
  backend: BackendChoice,
  base: string,
  picked: PickedModels = new Map(),
): ModelChoice {
  const entry = MODEL_CATALOGUE.find((candidate) => candidate.name === model);
  if (entry) return { name: entry.name, url: new URL(entry.url, base).href, backend };
  if (isSynthetic(model)) {
    const name = formatSynthetic(parseSynthetic(model));
    return { name, url: name, backend };
  }
  if (isHub(model) || isPicked(model)) {
    const directory = parseDirectoryName(model);
    const name = formatDirectoryName(directory);
    const files = isPicked(model) ? picked.get(directory.name) : undefined;
    return { name, url: name, home: base, backend, ...(files && { files }) };
  }
  const directory = parseDirectoryName(model);
  const { name: path } = directory;
  const url = looksLikeDirectory(path) && URL.canParse(path, base) ? new URL(path, base) : null;
  if (!url || url.origin !== new URL(base).origin) throw unknownModel(model, base);
  const href = `${url.origin}${url.pathname.replace(/\/*$/, '/')}`;
  const named = (name: string) => formatDirectoryName({ ...directory, name });
  return { name: named(lastSegment(href)), url: named(href), backend };
}

const looksLikeDirectory = (text: string) => text.includes('/');

const lastSegment = (href: string) => decodeURIComponent(href.split('/').at(-2) ?? href);

function unknownModel(model: string, base: string): HeadwayError {
  const names = MODEL_CATALOGUE.map((entry) => entry.name).join(', ');
  return new HeadwayError(
    'invalid-parameter',
    `model (--model) must be one of ${names}, a synthetic model such as synthetic:gpt2-124m, a model of the hub such as hub:OWNER/NAME, files picked on the page (picked:NAME), or a directory on ${new URL(base).origin} such as models/my-model/; given: "${model}".`,
  );
}

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

interface Models extends ModelActions {
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
