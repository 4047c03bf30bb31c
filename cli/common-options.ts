import { BACKENDS, type BackendChoice } from '../src/core/engine';
import { HeadwayError } from '../src/core/errors';
import type { ChoiceParameter } from '../src/core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import { parseWasmThreads, type WasmThreads } from '../src/core/wasm-threads';
import { formatDirectoryName, isHub, parseDirectoryName } from '../src/model/directory/directory-name';
import { formatSynthetic, isSynthetic, parseSynthetic } from '../src/model/synthetic/spec';
import { ADAPTERS, type AdapterChoice } from './browser/choose';
import { flag, given, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

const BACKEND: ChoiceParameter = {
  name: 'backend',
  flag: '--backend',
  label: 'Backend',
  kind: 'choice',
  choices: BACKENDS,
  default: 'auto',
  help: 'What computes. auto takes WebGPU where there is a real GPU for it, else WASM; a forced one that is not there is an error.',
};

export const ADAPTER: ChoiceParameter = {
  name: 'adapter',
  flag: '--adapter',
  label: 'Adapter',
  kind: 'choice',
  choices: ADAPTERS,
  default: 'auto',
  help: 'What WebGPU computes on. auto takes graphics hardware where the browser reaches any, with or without a window; hardware and software force one, and it is an error where there is none.',
};

export const MODEL: Option = text(
  '--model',
  'NAME',
  'A directory under public/models/, or a synthetic model such as synthetic:gpt2-124m,dtype=q4, or hub:OWNER/NAME (docs/models.md). Default: mini-gpt.',
);

export const WASM_THREADS: Option = text(
  '--wasm-threads',
  'N|auto',
  'Threads on WASM, 1 to 64. auto: half of the cores, at most 4. Default: auto.',
);

/** Options of every command that opens the page. */
export const PAGE_OPTIONS: readonly Option[] = [
  ...options({ BACKEND, ADAPTER }),
  WASM_THREADS,
  MODEL,
  flag('--headed', 'Shows the browser window.'),
  flag('--help', 'Prints this.'),
];

export interface PageChoice {
  readonly backend: BackendChoice;
  readonly adapter: AdapterChoice;
  readonly wasmThreads: WasmThreads;
  /** As `window.headway.loadModel` takes it; null = the page's own default. */
  readonly model: string | null;
  /** In force while the model is loaded: it decides how much room the cache takes. */
  readonly serving: ServingConfig;
  readonly headed: boolean;
  /** Whether SIGINT and SIGTERM are left to the command; else they end the browser at once. */
  readonly ownSignals?: true;
}

/** @throws UsageError for an adapter of WASM, which has none, or a model that cannot be */
export function pageChoice(values: Values): PageChoice {
  const model = values.get('--model');
  const backend = BACKENDS.find((backend) => backend === values.get('--backend')) ?? 'auto';
  const adapter = ADAPTERS.find((adapter) => adapter === values.get('--adapter')) ?? 'auto';
  if (backend === 'wasm' && adapter !== 'auto') {
    throw new UsageError(
      `--adapter ${adapter} is for WebGPU; given beside --backend wasm. Allowed there: --adapter auto.`,
    );
  }
  return {
    backend,
    adapter,
    wasmThreads: threadsOf(values.get('--wasm-threads')),
    model: typeof model === 'string' ? modelOf(model) : null,
    serving: changeServingConfig(DEFAULT_SERVING_CONFIG, given<ServingConfig>(SERVING_PARAMETERS, values)),
    headed: values.has('--headed'),
  };
}

function threadsOf(given: unknown): WasmThreads {
  try {
    return parseWasmThreads(String(given ?? 'auto'));
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}

/** A bare name is a directory beside the others; a path is one already. @throws UsageError for a synthetic one, or one of the hub, that cannot be */
export function modelOf(model: string): string {
  if (!isSynthetic(model) && !isHub(model)) return model.includes('/') ? model : `models/${model}/`;
  try {
    return isHub(model)
      ? formatDirectoryName(parseDirectoryName(model))
      : formatSynthetic(parseSynthetic(model));
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}
