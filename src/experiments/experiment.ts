import { HeadwayError } from '../core/errors';
import type {
  ExperimentRun,
  ParameterName,
  PlannedPoint,
  RunEnvironment,
  RunStatus,
  Wishes,
} from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, LOAD_PARAMETERS, type LoadConfig } from '../core/load-config';
import { checkParameter, linkKeyOf } from '../core/parameter';
import { DEFAULT_SERVING_CONFIG, SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import { createRng } from '../traffic/rng';
import { EXTENT_PARAMETERS, PARAMETERS } from './parameters';

/** One of the lab's four, as it came out. */
export interface Check {
  readonly name: 'throughput_gain' | 'p95_worse' | 'saturates' | 'all_ok';
  /** What was to be shown. */
  readonly claim: string;
  /** Null: not to be said, since figures are missing. */
  readonly passed: boolean | null;
  /** What was measured, as a sentence. */
  readonly says: string;
  /** By setting. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

export interface LabChecks {
  readonly checks: readonly Check[];
  /** Which regime the run was in, and why the second check came out as it did. */
  readonly regime: string;
}

/** An experiment before it is run: a file of `presets/`, or made of a grid file. */
export interface Experiment {
  /** As in `--preset`; `grid` for one from a file. */
  readonly name: string;
  readonly title: string;
  /** What the experiment shows, in one or two sentences. */
  readonly says: string;
  /** How long it takes on two cores with WebAssembly and the embedded model; null where it was not timed. */
  readonly minutes: number | null;
  readonly seed: number;
  readonly repeats: number;
  /** Parameters in which the points differ: the x axis first, then the ones that make lines. */
  readonly axes: readonly ParameterName[];
  readonly points: readonly PlannedPoint[];
  /** Each unit is measured to its end however overloaded, and one that cannot be measured fails the whole run. */
  readonly strict?: true;
  /** Of a search, which plans points from earlier results: the usual number of points. */
  readonly typicalPoints?: number;
  /**
   * Further points, planned from the results so far. Called when all points are measured; an empty list ends the run. It
   * depends on the run alone, so that a resumed run continues in the same way.
   */
  readonly next?: (run: ExperimentRun) => readonly PlannedPoint[];
  /** Findings about the measured points, as sentences with figures. */
  readonly findings?: (run: ExperimentRun) => readonly string[];
  /** The setting that answers the experiment's question, once it is known; the page offers to apply it. */
  readonly answer?: (run: ExperimentRun) => PlannedPoint | null;
  /** Null while what they compare is not measured. */
  readonly checks?: (run: ExperimentRun) => LabChecks | null;
}

/** Any of the scheduler's and the load's parameters. */
export type SettingChanges = Partial<ServingConfig & LoadConfig>;

/** Settings that all points of an experiment share. What is left out has its default; `requests` or `durationS`, not both. */
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

/** The point that the others are compared with, under its own name. */
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
  return saysItself(name) ? text : `${linkKeyOf(PARAMETERS[name])}-${text}`;
}

function labelOf(name: ParameterName, value: string | number | undefined): string {
  if (saysItself(name)) return String(value);
  const parameter = PARAMETERS[name];
  const unit = 'unit' in parameter && UNITS_SHOWN.includes(parameter.unit) ? ` ${parameter.unit}` : '';
  return `${parameter.label.toLowerCase()} ${value}${unit}`;
}

/** The others only repeat what the label says. */
const UNITS_SHOWN = ['ms', 's', 'requests/s', 'tokens'];

/** A run of the experiment with nothing measured yet. @throws HeadwayError `invalid-parameter` */
export function beginRun(
  experiment: Experiment,
  environment: RunEnvironment,
  { id, now }: { readonly id: string; readonly now: string },
  wishes: Wishes = {},
): ExperimentRun {
  const { seed = experiment.seed, repeats = experiment.repeats, requests, slo = {}, load = {} } = wishes;
  checkParameter(LOAD_PARAMETERS.seed, seed);
  checkParameter(EXTENT_PARAMETERS.repeats, repeats);
  if (requests !== undefined) checkParameter(EXTENT_PARAMETERS.requests, requests);
  for (const name of experiment.axes) {
    if (!(name in load)) continue;
    throw new HeadwayError(
      'invalid-parameter',
      `${PARAMETERS[name].flag} is what the points of ${experiment.name} differ in, so it cannot be one value for all.`,
    );
  }
  return {
    format: 'headway-experiment',
    version: 1,
    id,
    name: experiment.title,
    experiment: experiment.name,
    title: experiment.title,
    says: experiment.says,
    environment,
    status: { kind: 'running' },
    seed,
    repeats,
    axes: experiment.axes,
    points: experiment.points.map((point) => ({
      ...point,
      load: changeLoadConfig(point.load, { ...load, seed }),
      slo: { ...point.slo, ...slo },
      ...(requests === undefined ? {} : { requests, durationS: null }),
    })),
    units: [],
    started_at: now,
    finished_at: null,
  };
}

/** Units of the whole run: the planned ones, or for a search its usual number where that is more. */
export const expectedUnits = (
  experiment: Pick<Experiment, 'typicalPoints'> | undefined,
  { planned, repeats }: { readonly planned: number; readonly repeats: number },
): number => Math.max(planned, (experiment?.typicalPoints ?? 0) * repeats);

/** How far a run has come: `finished`, `measuring, 5 of 21`, or `interrupted, 5 of 21` for one that can be resumed. */
export function statusWords(
  status: RunStatus,
  units: { readonly done: number; readonly total: number },
): string {
  switch (status.kind) {
    case 'finished':
      return 'finished';
    case 'running':
      return `measuring, ${units.done} of ${units.total}`;
    case 'paused':
    case 'cancelled':
    case 'failed':
      return `interrupted, ${units.done} of ${units.total}`;
  }
}

/** One repeat of one point, which is measured in one go. */
export interface Unit {
  readonly point: PlannedPoint;
  /** From 1. */
  readonly repeat: number;
}

/**
 * The units that are not measured yet, in the order of measurement: shuffled by the seed, so that a drift of the machine
 * spreads over all points. A point's repeats keep their order. The order depends on the seed and the points alone, so that
 * a resumed run measures the remaining units in the same order.
 */
export function unitsLeft({ points, repeats, seed, units }: ExperimentRun): readonly Unit[] {
  const measured = new Set(units.map(({ point, repeat }) => `${point} ${repeat}`));
  return points
    .flatMap((point) => ranked(point, repeats, seed))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ unit }) => unit)
    .filter(({ point, repeat }) => !measured.has(`${point.id} ${repeat}`));
}

function ranked(point: PlannedPoint, repeats: number, seed: number) {
  const rng = createRng(seed).fork(`order of ${point.id}`);
  const ranks = Array.from({ length: repeats }, () => rng.uniform()).sort((a, b) => a - b);
  return ranks.map((rank, index) => ({ rank, unit: { point, repeat: index + 1 } }));
}

/**
 * Time until all planned units are measured, ms: the remaining units times the mean duration so far. Null before the first.
 * @param underWayMs how long the present unit has been measured
 */
export function remainingMs(run: ExperimentRun, underWayMs: number): number | null {
  const { units } = run;
  if (units.length === 0) return null;
  const spent = units.reduce(
    (sum, { started_at, finished_at }) => sum + Date.parse(finished_at) - Date.parse(started_at),
    0,
  );
  const mean = spent / units.length;
  const left = unitsLeft(run).length;
  return left === 0 ? 0 : Math.max(0, mean - underWayMs) + mean * (left - 1);
}
