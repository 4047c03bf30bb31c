import type { ParameterName, PlannedPoint } from '../core/experiment';
import type { Slo } from '../core/figures';
import { LOAD_PARAMETERS } from '../core/load-config';
import type { NumberParameter, Parameter } from '../core/parameter';
import { SERVING_PARAMETERS, slotsOf } from '../core/serving-config';
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
export const SLO_NUMBERS: { readonly [Name in keyof Required<Slo>]: NumberParameter } = {
  p95Ms: slo('p95Ms'),
  ttftMs: slo('ttftMs'),
  tpotMs: slo('tpotMs'),
  itlP99Ms: slo('itlP99Ms'),
};

/** Every parameter of a point by name. */
export const PARAMETERS: Readonly<Record<ParameterName, Parameter>> = {
  ...SERVING_PARAMETERS,
  ...LOAD_PARAMETERS,
};

/** What a point has of a parameter. One at a time is a batch of one, whatever is set. */
export function axisValue({ serving, load }: PlannedPoint, name: ParameterName): string | number {
  if (name === 'maxBatch') return slotsOf(serving);
  return { ...serving, ...load }[name];
}

/** `Max wait 20 ms`; a choice speaks for itself. */
export function axisText(name: ParameterName, value: string | number): string {
  const parameter = PARAMETERS[name];
  if (parameter.kind === 'choice') return String(value);
  return [parameter.label, value, parameter.unit].filter((word) => word !== '').join(' ');
}

/** `Max batch`. */
export const axisName = (name: ParameterName): string => PARAMETERS[name].label;

/** `Max batch, requests`. */
export function axisLabel(name: ParameterName): string {
  const parameter = PARAMETERS[name];
  const unit = parameter.kind === 'choice' ? '' : parameter.unit;
  return unit === '' ? parameter.label : `${parameter.label}, ${unit}`;
}

/** Whether equal ratios of it matter rather than equal steps: sizes and counts, not rates and times. */
export const isCounted = (name: ParameterName): boolean => PARAMETERS[name].kind === 'integer';

/** For file names: `batch`, `max_wait_ms`. */
export const axisSlug = (name: ParameterName): string =>
  name === 'maxBatch' ? 'batch' : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `--policy static --max-batch 4`: what of a setting differs from another, as the command line takes it. */
export function changedFlags(
  from: Readonly<Partial<Record<ParameterName, string | number>>>,
  to: Readonly<Partial<Record<ParameterName, string | number>>>,
): string {
  return (Object.keys(PARAMETERS) as ParameterName[])
    .filter((name) => to[name] !== undefined && to[name] !== from[name])
    .map((name) => `${PARAMETERS[name].flag} ${to[name]}`)
    .join(' ');
}
