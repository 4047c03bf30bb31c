import { BACKENDS, type BackendChoice } from '../src/core/engine';
import { HeadwayError } from '../src/core/errors';
import type { ChoiceParameter } from '../src/core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import { formatDirectoryName, isHub, parseDirectoryName } from '../src/model/directory/directory-name';
import { formatSynthetic, isSynthetic, parseSynthetic } from '../src/model/synthetic/spec';
import { flag, given, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

const BACKEND: ChoiceParameter = {
  name: 'backend',
  flag: '--backend',
  label: 'Backend',
  kind: 'choice',
  choices: BACKENDS,
  default: 'auto',
  help: 'What computes. auto takes WebGPU where there is a real GPU for it; a forced one that is not there is an error.',
};

/** Options of every command that opens the page. */
export const PAGE_OPTIONS: readonly Option[] = [
  ...options({ BACKEND }),
  text(
    '--model',
    'NAME',
    'A directory under public/models/, or a synthetic model such as synthetic:gpt2-124m,dtype=q4, or hub:OWNER/NAME (docs/models.md). Default: mini-gpt.',
  ),
  flag('--headed', 'Shows the browser window.'),
  flag('--help', 'Prints this.'),
];

export interface PageChoice {
  readonly backend: BackendChoice;
  /** As `window.headway.loadModel` takes it; null = the page's own default. */
  readonly model: string | null;
  /** In force while the model is loaded: it decides how much room the cache takes. */
  readonly serving: ServingConfig;
  readonly headed: boolean;
}

export function pageChoice(values: Values): PageChoice {
  const model = values.get('--model');
  return {
    backend: BACKENDS.find((backend) => backend === values.get('--backend')) ?? 'auto',
    model: typeof model === 'string' ? modelOf(model) : null,
    serving: changeServingConfig(DEFAULT_SERVING_CONFIG, given<ServingConfig>(SERVING_PARAMETERS, values)),
    headed: values.has('--headed'),
  };
}

/** A bare name is a directory beside the others; a path is one already. @throws UsageError for a synthetic one, or one of the hub, that cannot be */
function modelOf(model: string): string {
  if (!isSynthetic(model) && !isHub(model)) return model.includes('/') ? model : `models/${model}/`;
  try {
    return isHub(model)
      ? formatDirectoryName(parseDirectoryName(model))
      : formatSynthetic(parseSynthetic(model));
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}
