import type { ParameterName, PlannedPoint } from '../core/experiment';
import { LOAD_PARAMETERS } from '../core/load-config';
import type { Parameter } from '../core/parameter';
import { SERVING_PARAMETERS, slotsOf } from '../core/serving-config';

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
