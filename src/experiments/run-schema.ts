import * as v from 'valibot';
import { DISTURBANCES } from '../core/disturbance';
import type { ExperimentRun, MeasuredUnit, ParameterName } from '../core/experiment';
import { type Counters, type RunSummary, SUMMARY_FIGURES } from '../core/figures';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { OUTCOMES } from '../core/request';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../core/serving-config';
import { EventCounter } from '../metrics/counters';
import { EXTENT_PARAMETERS, PARAMETERS } from './parameters';

/**
 * What a file may hold: every list, text and number is bounded, so that no file makes the page compute or draw without
 * end. The bounds are far above what an experiment of this page reaches.
 */
const LARGEST_NUMBER = 1e15;
const MOST_POINTS = 2000;
const MOST_TOLD = 5;

const text = (longest = 2000) => v.pipe(v.string(), v.maxLength(longest));
const number = v.pipe(v.number(), v.minValue(-LARGEST_NUMBER), v.maxValue(LARGEST_NUMBER));
const figure = v.nullable(number);
const whole = (min: number, max = LARGEST_NUMBER) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const count = whole(0);

/** The length is checked before the items are read. */
const list = <Item extends v.GenericSchema>(item: Item, most: number, least = 0) =>
  v.pipe(v.array(v.unknown()), v.minLength(least), v.maxLength(most), v.array(item));

const time = v.pipe(
  text(40),
  v.check((given) => Number.isFinite(Date.parse(given)), 'it must be a date and time'),
);

/** Names of runs and points are keys of tables: the names that every object has are no such key. */
const key = v.pipe(
  text(300),
  v.minLength(1),
  v.check((given) => !(given in Object.prototype), 'it must not be a name of Object.prototype'),
);

const percentiles = v.nullable(v.object({ mean: number, p50: number, p95: number, p99: number }));
const interval = v.nullable(v.tuple([number, number]));
const intervals = v.nullable(v.object({ p50: interval, p95: interval, p99: interval }));

/** By the vocabulary; a figure that is newer than the run is null. */
const SHAPES = {
  count,
  number: v.optional(figure, null),
  times: v.optional(percentiles, null),
  intervals: v.optional(intervals, null),
  verdict: v.optional(v.nullable(v.picklist(['stable', 'backlogged', 'overloaded'])), null),
};
const summary = v.object(
  Object.fromEntries(Object.entries(SUMMARY_FIGURES).map(([name, { shape }]) => [name, SHAPES[shape]])),
) as unknown as v.GenericSchema<unknown, RunSummary>;

const record = v.object({
  id: count,
  scheduled: number,
  sent: number,
  enqueued: figure,
  batched: figure,
  started: figure,
  firstToken: figure,
  lastToken: v.optional(figure, null),
  finished: figure,
  batchSize: v.nullable(count),
  promptTokens: count,
  outputTokens: count,
  sequences: count,
  tpot: v.optional(figure, null),
  itlP99: v.exactOptional(figure),
  outcome: v.nullable(v.picklist(OUTCOMES)),
  finishReason: v.nullable(v.picklist(['stop', 'length'])),
});

/** A whole number under every name that a counter of this page has. */
const countersLike = (template: object): v.GenericSchema<unknown> =>
  v.object(
    Object.fromEntries(
      Object.entries(template).map(([name, value]) => [
        name,
        typeof value === 'number' ? count : countersLike(value),
      ]),
    ),
  );
const counters = countersLike(new EventCounter().counts) as v.GenericSchema<unknown, Counters>;

const trace = v.object({
  name: text(),
  sha256: text(),
  format: text(),
  requests: count,
  durationS: number,
  failed: count,
  unsorted: count,
});

/** One of `units`. */
export const UNIT_SCHEMA = v.object({
  point: key,
  repeat: whole(1, EXTENT_PARAMETERS.repeats.max),
  started_at: time,
  finished_at: time,
  summary,
  records: list(record, EXTENT_PARAMETERS.requests.max),
  batch_fill: list(count, Number((SERVING_PARAMETERS.maxBatch as { max?: number }).max) + 1),
  counters,
  clipped: count,
  warmup_requests: count,
  trace: v.nullable(trace),
  ended_early: v.nullable(text()),
  compliance: v.exactOptional(
    v.object({
      completed: count,
      shortAnswers: count,
      askedTokens: count,
      receivedTokens: count,
      countedByChunks: count,
      notStreamed: count,
    }),
  ),
  disturbed: v.exactOptional(list(v.picklist(DISTURBANCES), DISTURBANCES.length)),
}) satisfies v.GenericSchema<unknown, MeasuredUnit>;

/** A table of settings: what is missing has its default, what is there must be allowed. */
const settings = <Config extends object>(check: (given: Partial<Config>) => Config) =>
  v.pipe(
    v.record(v.string(), v.union([v.string(), v.number()])),
    v.rawTransform<Record<string, string | number>, Config>(({ dataset, addIssue, NEVER }) => {
      try {
        return check(dataset.value as Partial<Config>);
      } catch (error) {
        addIssue({ message: error instanceof Error ? error.message : String(error) });
        return NEVER;
      }
    }),
  );

const objective = v.nullable(v.pipe(number, v.gtValue(0)));

const point = v.pipe(
  v.object({
    id: key,
    label: text(),
    serving: settings<ServingConfig>((given) => changeServingConfig(DEFAULT_SERVING_CONFIG, given)),
    load: settings<LoadConfig>((given) => changeLoadConfig(DEFAULT_LOAD_CONFIG, given)),
    slo: v.object({
      p95Ms: objective,
      ttftMs: objective,
      tpotMs: v.exactOptional(objective),
      itlP99Ms: v.exactOptional(objective),
    }),
    requests: v.nullable(whole(1, EXTENT_PARAMETERS.requests.max)),
    durationS: v.nullable(v.pipe(number, v.gtValue(0), v.maxValue(EXTENT_PARAMETERS.durationS.max))),
    baseline: v.boolean(),
    probe: v.exactOptional(v.literal(true)),
  }),
  v.check(
    ({ requests, durationS }) => (requests === null) !== (durationS === null),
    'exactly one of requests and durationS must be set',
  ),
);

const environment = v.object({
  adapter: v.object({
    kind: v.picklist(['webgpu', 'wasm', 'simulated', 'remote']),
    name: text(),
    software: v.boolean(),
  }),
  model: v.object({ name: text(), sha256: v.nullable(text(200)) }),
  revision: text(200),
  browser: text(),
  libraries: v.pipe(
    v.record(v.string(), text(200)),
    v.check((given) => Object.keys(given).length <= 500, 'it must have at most 500 entries'),
  ),
  arguments: list(text(), 500),
});

const status = v.variant('kind', [
  v.object({ kind: v.picklist(['running', 'paused', 'finished', 'cancelled']) }),
  v.object({ kind: v.literal('failed'), reason: text() }),
]);

const parameter = v.custom<ParameterName>(
  (input) => typeof input === 'string' && Object.hasOwn(PARAMETERS, input),
  `it must be one of ${Object.keys(PARAMETERS).join(', ')}`,
);

/** The whole run but for `units`, whose items are read one by one by `UNIT_SCHEMA`. Names that it does not know are left out. */
export const RUN_SCHEMA = v.pipe(
  v.object({
    format: v.literal('headway-experiment'),
    version: v.literal(1),
    id: key,
    name: text(),
    experiment: text(200),
    title: text(),
    says: text(),
    environment,
    status,
    seed: whole(0),
    repeats: whole(1, EXTENT_PARAMETERS.repeats.max),
    axes: list(parameter, Object.keys(PARAMETERS).length),
    points: list(point, MOST_POINTS),
    units: v.pipe(v.array(v.unknown()), v.maxLength(MOST_POINTS * EXTENT_PARAMETERS.repeats.max)),
    started_at: time,
    finished_at: v.nullable(time),
  }),
  v.check(
    ({ points }) => new Set(points.map(({ id }) => id)).size === points.length,
    'points: each needs an id of its own',
  ),
) satisfies v.GenericSchema<unknown, Omit<ExperimentRun, 'units'> & { readonly units: readonly unknown[] }>;

/** Each fault by its place in the file; more than five are counted, not told. @param under the place of the value itself */
export function faultsIn(issues: readonly v.BaseIssue<unknown>[], under = ''): string {
  const told = issues.slice(0, MOST_TOLD).map((issue) => {
    const place = [under, v.getDotPath(issue)].filter(Boolean).join('.');
    const message = shortened(issue.message);
    return place === '' ? message : `${place}: ${message}`;
  });
  return `${told.join('; ')}${issues.length > MOST_TOLD ? `; and ${issues.length - MOST_TOLD} more` : ''}`;
}

/** A message repeats what was given, which may be long. */
const shortened = (message: string) => (message.length > 500 ? `${message.slice(0, 500)}…` : message);
