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
import {
  CHAT_CHOICES,
  type ChatChoice,
  formatDirectoryName,
  parseDirectoryName,
} from '../src/model/directory/directory-name';
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
const CHAT_TEMPLATE: ChoiceParameter = {
  name: 'chatTemplate',
  flag: '--chat-template',
  label: 'Chat template',
  kind: 'choice',
  choices: CHAT_CHOICES,
  default: 'auto',
  help: 'auto sends prompts through the chat template of a model that has one; none sends them as plain text.',
};

/** Options of every command that opens the page. */
export const PAGE_OPTIONS: readonly Option[] = [
  ...options({ BACKEND, ADAPTER }),
  WASM_THREADS,
  MODEL,
  ...options({ CHAT_TEMPLATE }),
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
  const chat = CHAT_CHOICES.find((choice) => choice === values.get('--chat-template'));
  if (chat === 'none' && typeof model !== 'string') {
    throw new UsageError('--chat-template none needs --model: the default model has no chat template.');
  }
  if (backend === 'wasm' && adapter !== 'auto') {
    throw new UsageError(
      `--adapter ${adapter} is for WebGPU; given beside --backend wasm. Allowed there: --adapter auto.`,
    );
  }
  return {
    backend,
    adapter,
    wasmThreads: threadsOf(values.get('--wasm-threads')),
    model: typeof model === 'string' ? modelOf(model, chat) : null,
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

/**
 * A bare name is a directory beside the others; a path is one already.
 * @param chat how prompts are sent to it; as its name says unless given
 * @throws UsageError for a synthetic one, or another, that cannot be
 */
export function modelOf(model: string, chat?: ChatChoice): string {
  try {
    if (isSynthetic(model)) return formatSynthetic(parseSynthetic(model));
    const name = parseDirectoryName(model);
    const isBare = name.kind === 'server' && !name.name.includes('/');
    return formatDirectoryName({
      ...name,
      ...(isBare && { name: `models/${name.name}/` }),
      ...(chat && { chat }),
    });
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}
