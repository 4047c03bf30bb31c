import { applyChanges, defaultsOf, type Length, type Parameter } from '../core/parameter';
import { SAMPLING_PARAMETERS, type SamplingConfig } from '../core/sampling';
import { ARRIVAL_PARAMETERS, type ArrivalConfig } from './arrival-parameters';

/** What the synthetic clients do. Definitions: docs/measurement. */
export interface LoadConfig extends ArrivalConfig, SamplingConfig {
  /** Answer length: as the model ends, or forced to a number of tokens (EOS ignored), one for all or drawn for each. */
  readonly outputTokens: Length;
  /** Answers that each request wants to its prompt. */
  readonly sequences: number;
  /** Share of the requests whose priority is 1; that of the others is 0. */
  readonly urgentShare: number;
  /** Share of the clients that go away after `abandonAfterMs` without having been answered. */
  readonly abandonShare: number;
  /** ms from the sending. */
  readonly abandonAfterMs: number;
  /** Everything random comes from it. */
  readonly seed: number;
}

export const LOAD_PARAMETERS: { readonly [Name in keyof LoadConfig]: Parameter<Name> } = {
  ...ARRIVAL_PARAMETERS,
  outputTokens: {
    name: 'outputTokens',
    flag: '--output-tokens',
    label: 'Output tokens',
    kind: 'length',
    min: 1,
    max: 1024,
    unit: 'tokens',
    default: 'eos',
    stops: [1, 2, 4, 8, 16, 32, 64],
    help: 'eos: every answer ends where the model ends it, so lengths differ. A number forces that length, as benchmarks do; a range such as 2:48 forces lengths drawn from it, each as likely; lognormal:20:0.8 many short ones and a few long, of that median and sigma.',
    elsewhere: { 'vLLM bench': 'output_len and range_ratio with ignore_eos' },
  },
  ...SAMPLING_PARAMETERS,
  sequences: {
    name: 'sequences',
    advanced: true,
    flag: '--sequences',
    label: 'Sequences',
    kind: 'integer',
    min: 1,
    max: 64,
    unit: 'a request',
    default: 1,
    stops: [1, 2, 4, 8, 16],
    help: 'Answers that each request wants to its one prompt. Each takes a row of the batch; the request ends with its last.',
    elsewhere: { 'vLLM, OpenAI': 'n' },
  },
  urgentShare: {
    name: 'urgentShare',
    advanced: true,
    flag: '--urgent-share',
    label: 'Urgent share',
    kind: 'number',
    min: 0,
    max: 1,
    unit: '',
    default: 0,
    stops: [0, 0.01, 0.05, 0.1, 0.2, 0.5],
    help: 'Share of requests with priority 1, which go before those with 0. Aging lets the others through after a while.',
    elsewhere: { vLLM: 'priority' },
  },
  abandonShare: {
    name: 'abandonShare',
    advanced: true,
    flag: '--abandon-share',
    label: 'Abandon share',
    kind: 'number',
    min: 0,
    max: 1,
    unit: '',
    default: 0,
    stops: [0, 0.05, 0.1, 0.2, 0.5, 1],
    help: 'Share of clients that lose patience and go away (499). What the server computes for them from then on is wasted.',
  },
  abandonAfterMs: {
    name: 'abandonAfterMs',
    advanced: true,
    flag: '--abandon-after-ms',
    label: 'Abandon after',
    kind: 'number',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    default: 500,
    stops: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    help: 'How long such a client waits for its whole answer.',
  },
  seed: {
    name: 'seed',
    flag: '--seed',
    label: 'Seed',
    kind: 'integer',
    min: 0,
    max: 2 ** 31 - 1,
    unit: '',
    default: 1,
    stops: [1, 2, 3, 4, 5],
    help: 'The same seed gives the same arrivals, prompts, lengths and draws under every policy, so two settings can be compared.',
  },
};

/** How `generate` draws its prompts' answers. */
export interface GenerateSampling extends SamplingConfig {
  /** Each prompt's own is made of it and the prompt's place. */
  readonly seed: number;
}

export const GENERATE_PARAMETERS: { readonly [Name in keyof GenerateSampling]: Parameter<Name> } = {
  ...SAMPLING_PARAMETERS,
  seed: {
    ...LOAD_PARAMETERS.seed,
    help: 'Each prompt is drawn for with a seed of its own, made of this one and its place; a prompt may name its own.',
  },
};

export const DEFAULT_LOAD_CONFIG = defaultsOf<LoadConfig>(LOAD_PARAMETERS);

/** @throws HeadwayError `invalid-parameter` */
export const changeLoadConfig = (base: LoadConfig, changes: Partial<LoadConfig>) =>
  applyChanges(LOAD_PARAMETERS, base, changes);
