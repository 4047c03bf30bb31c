import type { Slo } from '../core/figures';
import type { NumberParameter } from '../core/parameter';
import { SLO_PARAMETERS } from '../core/slo-parameters';

/** How long a measured run goes on, and how often. */
export interface Extent {
  readonly requests: number;
  readonly durationS: number;
  readonly repeats: number;
}

/** NaN stands for off. */
export const EXTENT_PARAMETERS: { readonly [Name in keyof Extent]: NumberParameter<Name> } = {
  requests: {
    name: 'requests',
    flag: '--requests',
    label: 'Requests',
    kind: 'integer',
    min: 1,
    max: 1_000_000,
    unit: 'requests',
    default: 500,
    stops: [],
    help: 'Exactly this many are measured in each repeat.',
  },
  durationS: {
    name: 'durationS',
    flag: '--duration-s',
    label: 'Duration',
    kind: 'number',
    min: 0.1,
    max: 86_400,
    unit: 's',
    default: Number.NaN,
    stops: [],
    help: 'Instead of --requests: as many as fall into this time.',
  },
  repeats: {
    name: 'repeats',
    flag: '--repeats',
    label: 'Repeats',
    kind: 'integer',
    min: 1,
    max: 100,
    unit: '',
    default: 3,
    stops: [],
    help: 'Measured runs; each figure is the median of theirs.',
  },
};

const slo = (name: keyof Slo): NumberParameter<keyof Slo> => {
  const { parse: _, ...described } = SLO_PARAMETERS[name];
  return { ...described, kind: 'number', default: Number.NaN };
};

/** The objectives as numbers, for a program that leaves out what is off. */
export const SLO_NUMBERS: { readonly [Name in keyof Slo]: NumberParameter } = {
  p95Ms: slo('p95Ms'),
  ttftMs: slo('ttftMs'),
};
