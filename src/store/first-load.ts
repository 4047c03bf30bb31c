import type { Generated, GeneratePrompt } from '../core/commands';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { slotsOf } from '../core/serving-config';
import { isSynthetic } from '../model/synthetic/spec';
import { type Settings, START_SETTINGS, sameValues } from './settings';

/** What a model that was just loaded took for a few steps, all slots in use. */
export interface StepTime {
  /** Requests side by side. */
  readonly rows: number;
  /** One forward pass, ms. */
  readonly stepMs: number;
}

/** Tokens that each of the requests is timed for: enough that the prompts' pass does not decide. */
const TIMED_TOKENS = 6;
const MOST_ROWS = 8;
/** Of what the model holds, so that the first figures are of a server at ease. */
const SHARE = 0.5;
/** Up to this for a step an answer may run to its own end: the embedded model's are a dozen tokens. */
const QUICK_STEP_MS = 60;
/** An answer of a slower model, or of one that ends none, lasts about so long. */
const ANSWER_MS = 1500;
/** Tokens of an answer that ends by itself, for the estimate. */
const USUAL_TOKENS = 14;

/** Times a few steps of the model that is served; null where it wrote nothing. The first ones are not counted: they may compile. */
export async function timeSteps(
  { serving }: Settings,
  generate: (prompts: readonly GeneratePrompt[]) => Promise<readonly Generated[]>,
  now: () => number,
): Promise<StepTime | null> {
  const rows = Math.min(MOST_ROWS, slotsOf(serving));
  const prompts = (tokens: number) =>
    Array.from({ length: rows }, (_, index) => ({
      id: `step ${index}`,
      prompt: 'He go to school every days',
      max_new_tokens: tokens,
    }));
  await generate(prompts(1));
  const begun = now();
  const answers = await generate(prompts(TIMED_TOKENS));
  const [passedMs, tokens] = [now() - begun, Math.max(0, ...answers.map((answer) => answer.tokens.length))];
  return tokens > 0 && passedMs > 0 ? { rows, stepMs: passedMs / (tokens + 1) } : null;
}

/** The load that a page without a load of its own starts with: about half of what the model holds, lengths that suit its pace. */
export function fittedLoad({ rows, stepMs }: StepTime, model: string): Partial<LoadConfig> {
  const endsItself = !isSynthetic(model);
  const isQuick = stepMs <= QUICK_STEP_MS;
  const length = Math.min(32, Math.max(4, Math.round(ANSWER_MS / Math.max(stepMs, 1))));
  const outputTokens = endsItself && isQuick ? 'eos' : length;
  const tokens = outputTokens === 'eos' ? USUAL_TOKENS : length;
  const held = (rows * 1000) / (stepMs * (tokens + 1));
  return { arrival: 'poisson', rate: roundRate(SHARE * held), outputTokens };
}

/** Two digits, as one would set it, within what the parameter allows. */
const roundRate = (rate: number) =>
  Math.min(1000, Math.max(0.1, Number(rate.toPrecision(rate < 10 ? 1 : 2))));

/** Whether the load is none that was chosen: as on a first visit, or as it was fitted to the model before. */
export const isUnchosen = (load: LoadConfig, fitted: LoadConfig | null): boolean =>
  sameValues(load, START_SETTINGS.load) || (fitted !== null && sameValues(load, fitted));

/** For the type of a whole configuration: the start load with what was fitted. */
export const withFitted = (fitted: Partial<LoadConfig>, seed: number): LoadConfig => ({
  ...DEFAULT_LOAD_CONFIG,
  ...START_SETTINGS.load,
  ...fitted,
  seed,
});
