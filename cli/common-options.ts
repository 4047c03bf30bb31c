import type { ChoiceParameter } from '../src/core/parameter';
import { BACKENDS, type BackendChoice } from '../src/server/control';
import { flag, type Option, options, text, type Values } from './option';

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
  text('--model', 'NAME', 'A model of the page: a directory under public/models/. Default: mini-gpt.'),
  flag('--headed', 'Shows the browser window.'),
  flag('--help', 'Prints this.'),
];

export interface PageChoice {
  readonly backend: BackendChoice;
  /** As `window.headway.loadModel` takes it; null = the page's own default. */
  readonly model: string | null;
  readonly headed: boolean;
}

export function pageChoice(values: Values): PageChoice {
  const model = values.get('--model');
  return {
    backend: BACKENDS.find((backend) => backend === values.get('--backend')) ?? 'auto',
    // A bare name is a directory beside the others; a path is one already.
    model: typeof model !== 'string' ? null : model.includes('/') ? model : `models/${model}/`,
    headed: values.has('--headed'),
  };
}
