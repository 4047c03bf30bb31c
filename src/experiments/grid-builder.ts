import { HeadwayError, toPlain } from '../core/errors';
import type { ParameterName } from '../core/experiment';
import type { Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import { checkParameter, type Parameter, parseEntry } from '../core/parameter';
import type { ServingConfig } from '../core/serving-config';
import type { Experiment } from './experiment';
import { gridExperiment } from './grid';
import { EXTENT_PARAMETERS, PARAMETERS } from './parameters';

/** What the page's grid builder holds, as it was typed. */
export interface GridForm {
  readonly name: string;
  /** The first is the x axis, the others make the lines. */
  readonly axes: readonly { readonly parameter: ParameterName; readonly values: string }[];
  readonly repeats: string;
  readonly requests: string;
  /** What all points share: the settings of the live page. */
  readonly base: Partial<ServingConfig & LoadConfig>;
  readonly slo: Slo;
  readonly seed: number;
}

/** A form that can be measured, or what is wrong with which of its fields. */
export type BuiltGrid =
  | {
      readonly experiment: Experiment;
      /** As a grid file holds it. */
      readonly content: object;
      readonly faults: null;
    }
  | {
      readonly experiment: null;
      /** By the parameter of an axis, `repeats`, `requests`, or `grid` for the whole. */
      readonly faults: Readonly<Partial<Record<ParameterName | 'repeats' | 'requests' | 'grid', string>>>;
    };

/** Parameters that an axis may have. The seed is the whole experiment's: its points are compared under the same requests. */
export const GRID_PARAMETERS: readonly Parameter[] = Object.values(PARAMETERS).filter(
  ({ name }) => name !== 'seed',
);

/** The experiment of a filled form. */
export function buildGrid({ name, axes, repeats, requests, base, slo, seed }: GridForm): BuiltGrid {
  const faults: Record<string, string> = {};
  const field = <Value>(key: string, read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HeadwayError)) throw error;
      faults[key] = toPlain(error).message;
      return null;
    }
  };
  const grid = Object.fromEntries(
    axes.map(({ parameter, values }) => [
      parameter,
      field(parameter, () => parseValues(PARAMETERS[parameter], values)),
    ]),
  );
  const extent = {
    repeats: field('repeats', () => oneValue(EXTENT_PARAMETERS.repeats, repeats)),
    requests: field('requests', () => oneValue(EXTENT_PARAMETERS.requests, requests)),
  };
  const { seed: _, ...shared } = base;
  const own = new Set<string>(axes.map(({ parameter }) => parameter));
  const content = {
    name: name.trim() === '' ? 'Grid' : name.trim(),
    seed,
    ...extent,
    slo,
    base: Object.fromEntries(Object.entries(shared).filter(([key]) => !own.has(key))),
    grid,
  };
  const isFaulty = Object.keys(faults).length > 0;
  const experiment = isFaulty ? null : field('grid', () => gridExperiment(content, 'The grid'));
  return experiment ? { experiment, content, faults: null } : { experiment: null, faults };
}

/**
 * `1, 2, 4` as the values of a parameter, in that order.
 * @throws HeadwayError `invalid-parameter` for a value that is not allowed, one that stands twice, or none
 */
function parseValues(parameter: Parameter, typed: string): readonly (string | number)[] {
  const values = typed
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => checkParameter(parameter, parseEntry(parameter, part)));
  const twice = values.find((value, index) => values.indexOf(value) < index);
  const problem =
    values.length === 0
      ? 'needs at least one value'
      : twice === undefined
        ? null
        : `has the value ${twice} twice`;
  if (problem === null) return values;
  throw new HeadwayError(
    'invalid-parameter',
    `${parameter.name} (${parameter.flag}) ${problem}; given: "${typed}".`,
  );
}

const oneValue = (parameter: Parameter, typed: string) =>
  checkParameter(parameter, parseEntry(parameter, typed));
