import { HeadwayError } from '../core/errors';
import type { ParameterName, PlannedPoint } from '../core/experiment';
import type { Slo } from '../core/figures';
import { LOAD_PARAMETERS } from '../core/load-config';
import { allowedValues, checkParameter, type NumberParameter, type Parameter } from '../core/parameter';
import { SERVING_PARAMETERS } from '../core/serving-config';
import { contradiction } from '../traffic/contradictions';
import type { Experiment } from './experiment';
import {
  baselinePoint,
  type CommonSetting,
  combinations,
  plannedPoint,
  type SettingChanges,
} from './experiment';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from './parameters';

const PARAMETERS: Readonly<Record<string, Parameter>> = { ...SERVING_PARAMETERS, ...LOAD_PARAMETERS };
const NAMES = [
  'name',
  'says',
  'seed',
  'repeats',
  'requests',
  'durationS',
  'slo',
  'base',
  'grid',
  'points',
  'baseline',
];
/** Combinations multiply quickly, and more points would run for days. */
const MOST_POINTS = 500;

/**
 * An experiment from the content of a grid file: `{name?, says?, seed?, repeats?, requests? | durationS?, slo?: {p95Ms?,
 * ttftMs?}, base?: {parameter: value}, grid?: {parameter: [values]}, points?: [{parameter: value}], baseline?: {parameter:
 * value}}`. Points are every combination of the grid's values, then the entries of `points`, each over `base`.
 * @param where how to call the file in an error
 * @throws HeadwayError `invalid-parameter`: file, place, what was given, what is allowed
 */
export function gridExperiment(content: unknown, where: string): Experiment {
  const file = objectAt(content, where);
  for (const name of Object.keys(file)) {
    if (!NAMES.includes(name)) throw wrong(`${where}: there is no "${name}"; there are ${NAMES.join(', ')}.`);
  }
  const place = (name: string) => `${where}, ${name}`;
  const number = (name: string, parameter: NumberParameter) =>
    file[name] === undefined ? null : numberAt(file[name], parameter, place(name));
  const text = (name: string) => (file[name] === undefined ? null : textAt(file[name], place(name)));
  const seed = number('seed', LOAD_PARAMETERS.seed as NumberParameter) ?? 1;
  const [requests, durationS] = [
    number('requests', EXTENT_PARAMETERS.requests),
    number('durationS', EXTENT_PARAMETERS.durationS),
  ];
  if (requests !== null && durationS !== null) {
    throw wrong(
      `${where}: requests and durationS are both given, ${requests} and ${durationS}; one of the two is allowed.`,
    );
  }
  const common: CommonSetting = {
    base: settingAt(file.base ?? {}, place('base')),
    slo: sloAt(file.slo ?? {}, place('slo')),
    requests: durationS === null ? (requests ?? EXTENT_PARAMETERS.requests.default) : null,
    durationS,
  };
  const grid = gridAt(file.grid ?? {}, place('grid'));
  const extra = listAt(file.points ?? [], place('points')).map((point, i) =>
    settingAt(point, place(`points[${i}]`)),
  );
  const settings = [...(Object.keys(grid).length > 0 ? combinations(grid) : []), ...extra];
  const count = settings.length;
  if (count === 0 || count > MOST_POINTS) {
    throw wrong(`${where}: grid and points must make from 1 to ${MOST_POINTS} points; they make ${count}.`);
  }
  const points = [
    ...(file.baseline === undefined
      ? []
      : [baselinePoint(common, settingAt(file.baseline, place('baseline')), 'baseline')]),
    ...settings.map((changes) => plannedPoint(common, changes)),
  ];
  assertPossible(points, where);
  return {
    name: 'grid',
    title: text('name') ?? 'Grid',
    says: text('says') ?? `${count} settings.`,
    minutes: null,
    seed,
    repeats: number('repeats', EXTENT_PARAMETERS.repeats) ?? EXTENT_PARAMETERS.repeats.default,
    axes: [
      ...new Set([...Object.keys(grid), ...extra.flatMap((changes) => Object.keys(changes))]),
    ] as ParameterName[],
    points,
  };
}

const wrong = (message: string) => new HeadwayError('invalid-parameter', message);

/** @throws HeadwayError where two points are the same, or a point's settings contradict each other */
function assertPossible(points: readonly PlannedPoint[], where: string): void {
  const seen = new Set<string>();
  for (const { id, label, serving, load } of points) {
    const impossible = contradiction(serving, load);
    if (impossible) throw wrong(`${where}, the point "${label}": ${impossible}`);
    if (seen.has(id)) throw wrong(`${where}: the point "${label}" is there twice; each is allowed once.`);
    seen.add(id);
  }
}

function gridAt(value: unknown, place: string): Readonly<Record<string, readonly (string | number)[]>> {
  return Object.fromEntries(
    Object.entries(objectAt(value, place)).map(([name, values]) => {
      const list = listAt(values, `${place}.${name}`);
      if (list.length === 0) throw wrong(`${place}.${name} must have at least one value; given: [].`);
      return [name, list.map((one, i) => valueAt(name, one, `${place}.${name}[${i}]`))];
    }),
  );
}

const settingAt = (value: unknown, place: string): SettingChanges =>
  Object.fromEntries(
    Object.entries(objectAt(value, place)).map(([name, one]) => [
      name,
      valueAt(name, one, `${place}.${name}`),
    ]),
  );

function sloAt(value: unknown, place: string): Slo {
  const slo: Slo = { p95Ms: null, ttftMs: null };
  const given = Object.entries(objectAt(value, place)).map(([name, ms]) => {
    const parameter = SLO_NUMBERS[name as keyof Slo] as NumberParameter | undefined;
    if (!parameter) throw wrong(`${place}: there is no "${name}"; there are ${Object.keys(slo).join(', ')}.`);
    return [name, ms === null ? null : numberAt(ms, parameter, `${place}.${name}`)];
  });
  return { ...slo, ...Object.fromEntries(given) };
}

function valueAt(name: string, value: unknown, place: string): string | number {
  const parameter = PARAMETERS[name];
  if (!parameter)
    throw wrong(
      `${place}: there is no parameter "${name}"; there are ${Object.keys(PARAMETERS).join(', ')}.`,
    );
  // All points share the experiment's seed, so that they are compared under the same requests.
  if (name === 'seed')
    throw wrong(`${place}: the seed is the experiment's own; it is given beside base, as "seed".`);
  try {
    return checkParameter(parameter, value);
  } catch {
    throw wrong(`${place} must be ${allowedValues(parameter)}; given: ${JSON.stringify(value)}.`);
  }
}

function numberAt(value: unknown, parameter: NumberParameter, place: string): number {
  try {
    return Number(checkParameter(parameter, value));
  } catch {
    throw wrong(`${place} must be ${allowedValues(parameter)}; given: ${JSON.stringify(value)}.`);
  }
}

function textAt(value: unknown, place: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrong(`${place} must be a text that is not empty; given: ${JSON.stringify(value)}.`);
}

function listAt(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${place} must be a list; given: ${JSON.stringify(value)}.`);
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw wrong(`${place} must be an object; given: ${JSON.stringify(value)}.`);
}
