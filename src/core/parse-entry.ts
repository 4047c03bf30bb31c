import type { Parameter } from './parameter';

/** A typed or linked text as the value it means; what is no number stays text, for the check to name it. */
export function parseEntry(parameter: Parameter, raw: string): string | number {
  const text = raw.trim();
  if (parameter.kind === 'choice' || text === '') return text;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
