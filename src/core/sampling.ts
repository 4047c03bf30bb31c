import type { Parameter } from './parameter';
import type { Sampling } from './request';

/** How a client wants tokens to be drawn; each of its requests has a seed of its own beside it. */
export type SamplingConfig = Omit<Sampling, 'seed'>;

export const SAMPLING_PARAMETERS: { readonly [Name in keyof SamplingConfig]: Parameter<Name> } = {
  temperature: {
    name: 'temperature',
    advanced: true,
    flag: '--temperature',
    label: 'Temperature',
    kind: 'number',
    min: 0,
    max: 5,
    unit: '',
    default: 0,
    stops: [0, 0.2, 0.5, 0.7, 1, 1.5, 2],
    help: 'Tokens are drawn by their probability at this temperature. 0 is greedy: the likeliest token each time. More makes answers vary, and with them their lengths.',
    elsewhere: { 'vLLM, OpenAI': 'temperature' },
  },
  topK: {
    name: 'topK',
    advanced: true,
    flag: '--top-k',
    label: 'Top k',
    kind: 'integer',
    min: 0,
    max: 1000,
    unit: 'tokens',
    default: 0,
    stops: [0, 1, 5, 10, 20, 50, 100, 200],
    help: 'Only the k likeliest tokens are drawn from; 0 is all of them.',
    elsewhere: { vLLM: 'top_k, off = -1' },
  },
  topP: {
    name: 'topP',
    advanced: true,
    flag: '--top-p',
    label: 'Top p',
    kind: 'number',
    min: 0.001,
    max: 1,
    unit: '',
    default: 1,
    stops: [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1],
    help: 'Only the likeliest tokens that together reach this probability are drawn from; 1 is all of them. It applies after top k.',
    elsewhere: { 'vLLM, OpenAI': 'top_p' },
  },
};

/** As a request carries it: null where the temperature is 0, which is greedy. @param seed 32 bits, unsigned */
export function samplingOf({ temperature, topK, topP }: SamplingConfig, seed: number): Sampling | null {
  return temperature === 0 ? null : { temperature, topK, topP, seed };
}
