import type { ParameterName, PlannedPoint } from '../core/experiment';
import { DEFAULT_LOAD_CONFIG, LOAD_PARAMETERS, type LoadConfig } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG, SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import { PARAMETERS } from './axis-value';

/** Any of the scheduler's and the load's parameters. */
export type SettingChanges = Partial<ServingConfig & LoadConfig>;

/** What all points of an experiment have in common. What is left out has its default; `requests` or `durationS`, not both. */
export interface CommonSetting extends Partial<Pick<PlannedPoint, 'slo' | 'requests' | 'durationS'>> {
  readonly base: SettingChanges;
}

/** One point, named after what it changes: `max-batch-8-max-wait-ms-20`, "max batch 8, max wait 20 ms". */
export function plannedPoint(common: CommonSetting, changes: SettingChanges): PlannedPoint {
  const setting: SettingChanges = { ...common.base, ...changes };
  const names = Object.keys(changes) as ParameterName[];
  return {
    id: names.map((name) => idOf(name, changes[name])).join('-') || 'base',
    label: names.map((name) => labelOf(name, changes[name])).join(', ') || 'base',
    serving: { ...DEFAULT_SERVING_CONFIG, ...pick<ServingConfig>(setting, SERVING_PARAMETERS) },
    load: { ...DEFAULT_LOAD_CONFIG, ...pick<LoadConfig>(setting, LOAD_PARAMETERS) },
    slo: common.slo ?? { p95Ms: null, ttftMs: null },
    requests: common.requests ?? null,
    durationS: common.durationS ?? null,
    baseline: false,
  };
}

/** What the others are compared with, by its own name. */
export const baselinePoint = (
  common: CommonSetting,
  changes: SettingChanges,
  label: string,
): PlannedPoint => ({
  ...plannedPoint(common, changes),
  id: 'baseline',
  label,
  baseline: true,
});

/** Every combination of the values, the first parameter changing slowest. */
export function combinations(
  grid: Readonly<Record<string, readonly (string | number)[]>>,
): readonly SettingChanges[] {
  return Object.entries(grid).reduce<readonly SettingChanges[]>(
    (all, [name, values]) => all.flatMap((changes) => values.map((value) => ({ ...changes, [name]: value }))),
    [{}],
  );
}

function pick<Config>(setting: SettingChanges, table: Readonly<Record<keyof Config & string, unknown>>) {
  return Object.fromEntries(Object.entries(setting).filter(([name]) => name in table)) as Partial<Config>;
}

/** Words say what they are; numbers need their name. */
const saysItself = (name: ParameterName) => PARAMETERS[name].kind === 'choice';

function idOf(name: ParameterName, value: string | number | undefined): string {
  const text = String(value).replace(/[^\w.]+/g, '-');
  return saysItself(name) ? text : `${PARAMETERS[name].flag.slice(2)}-${text}`;
}

function labelOf(name: ParameterName, value: string | number | undefined): string {
  if (saysItself(name)) return String(value);
  const parameter = PARAMETERS[name];
  const unit = 'unit' in parameter && UNITS_SHOWN.includes(parameter.unit) ? ` ${parameter.unit}` : '';
  return `${parameter.label.toLowerCase()} ${value}${unit}`;
}

/** The others only repeat what the label says. */
const UNITS_SHOWN = ['ms', 's', 'requests/s', 'tokens'];
