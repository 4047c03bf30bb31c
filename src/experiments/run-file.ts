import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import * as v from 'valibot';
import { DISTURBANCES } from '../core/disturbance';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun, ParameterName } from '../core/experiment';
import type { Counters } from '../core/figures';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { OUTCOMES } from '../core/request';
import { changeServingConfig, DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { EventCounter } from '../metrics/counters';
import type { ExportFile } from './files';
import { PARAMETERS } from './parameters';

const figure = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();

const percentiles = v.nullable(
  v.object({ mean: v.number(), p50: v.number(), p95: v.number(), p99: v.number() }),
);

const interval = v.nullable(v.tuple([v.number(), v.number()]));
const intervals = v.nullable(v.object({ p50: interval, p95: interval, p99: interval }));

const summary = v.object({
  requests: count,
  ok: count,
  rejected: count,
  expired: count,
  cancelled: count,
  failed: count,
  throughput_rps: figure,
  throughput_tps: figure,
  goodput_rps: figure,
  slo_attainment: figure,
  latency_ms: percentiles,
  latency_interval_ms: intervals,
  ttft_ms: percentiles,
  ttft_interval_ms: intervals,
  tpot_ms: percentiles,
  itl_ms: percentiles,
  queue_ms: percentiles,
  mean_batch_fill: figure,
  wasted_token_share: figure,
  stale_dropped: figure,
  send_lag_ms: figure,
  saturation: v.nullable(v.picklist(['stable', 'backlogged', 'overloaded'])),
  littles_law_error: figure,
});

const record = v.object({
  id: count,
  scheduled: v.number(),
  sent: v.number(),
  enqueued: figure,
  batched: figure,
  started: figure,
  firstToken: figure,
  finished: figure,
  batchSize: v.nullable(count),
  promptTokens: count,
  outputTokens: count,
  sequences: count,
  outcome: v.nullable(v.picklist(OUTCOMES)),
  finishReason: v.nullable(v.picklist(['stop', 'length'])),
});

/** Counts under the names that a counter of this page has. */
const counters = v.custom<Counters>((input) => {
  const template = new EventCounter().counts;
  return hasCounts(input, template) && hasCounts(Reflect.get(input, 'outcomes'), template.outcomes);
}, 'it must hold a whole number for each of the server’s counters');

const hasCounts = (input: unknown, template: object): input is object =>
  typeof input === 'object' &&
  input !== null &&
  Object.entries(template).every(
    ([name, value]) => typeof value !== 'number' || Number.isInteger(Reflect.get(input, name)),
  );

const trace = v.object({
  name: text,
  sha256: text,
  format: text,
  requests: count,
  durationS: v.number(),
  failed: count,
  unsorted: count,
});

const unit = v.object({
  point: text,
  repeat: v.pipe(v.number(), v.integer(), v.minValue(1)),
  started_at: text,
  finished_at: text,
  summary,
  records: v.array(record),
  batch_fill: v.array(count),
  counters,
  clipped: count,
  warmup_requests: count,
  trace: v.nullable(trace),
  ended_early: v.nullable(text),
  disturbed: v.exactOptional(v.array(v.picklist(DISTURBANCES))),
});

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

const point = v.object({
  id: v.pipe(text, v.minLength(1)),
  label: text,
  serving: settings<ServingConfig>((given) => changeServingConfig(DEFAULT_SERVING_CONFIG, given)),
  load: settings<LoadConfig>((given) => changeLoadConfig(DEFAULT_LOAD_CONFIG, given)),
  slo: v.object({ p95Ms: figure, ttftMs: figure }),
  requests: v.nullable(count),
  durationS: figure,
  baseline: v.boolean(),
  probe: v.exactOptional(v.literal(true)),
});

const environment = v.object({
  adapter: v.object({
    kind: v.picklist(['webgpu', 'wasm', 'simulated']),
    name: text,
    software: v.boolean(),
  }),
  model: v.object({ name: text, sha256: text }),
  revision: text,
  browser: text,
  libraries: v.record(v.string(), text),
  arguments: v.array(text),
});

const status = v.variant('kind', [
  v.object({ kind: v.picklist(['running', 'paused', 'finished', 'cancelled']) }),
  v.object({ kind: v.literal('failed'), reason: text }),
]);

const parameter = v.custom<ParameterName>(
  (input) => typeof input === 'string' && input in PARAMETERS,
  `it must be one of ${Object.keys(PARAMETERS).join(', ')}`,
);

/** What a file must hold to be a run. Names that it does not know are left out. */
const RUN_SCHEMA = v.pipe(
  v.object({
    format: v.literal('headway-experiment'),
    version: v.literal(1),
    id: v.pipe(text, v.minLength(1)),
    name: text,
    experiment: text,
    title: text,
    says: text,
    environment,
    status,
    seed: count,
    repeats: v.pipe(v.number(), v.integer(), v.minValue(1)),
    axes: v.array(parameter),
    points: v.array(point),
    units: v.array(unit),
    started_at: text,
    finished_at: v.nullable(text),
  }),
  v.check(
    ({ points }) => new Set(points.map(({ id }) => id)).size === points.length,
    'points: each needs an id of its own',
  ),
  v.check(
    ({ points, units }) => units.every((measured) => points.some(({ id }) => id === measured.point)),
    'units: each must name one of the points',
  ),
) satisfies v.GenericSchema<unknown, ExperimentRun>;

/** More faults than these are counted, not told. */
const MOST_TOLD = 5;

/**
 * A run from the text of its `run.json`.
 * @param name of the file, for the sentence about what is wrong
 * @throws HeadwayError `invalid-request`, naming each fault by its place in the file
 */
function readRun(text: string, name: string): ExperimentRun {
  const result = v.safeParse(RUN_SCHEMA, parsed(text, name));
  if (result.success) return result.output;
  const faults = result.issues.map(faultOf);
  const more = faults.length > MOST_TOLD ? `; and ${faults.length - MOST_TOLD} more` : '';
  throw new HeadwayError(
    'invalid-request',
    `${name} is no experiment that this page can read: ${faults.slice(0, MOST_TOLD).join('; ')}${more}.`,
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HeadwayError('invalid-request', `${name} is not JSON: ${reason}.`);
  }
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  return place === null ? issue.message : `${place}: ${issue.message}`;
}

/** The one file of an export that holds the whole run. */
const RUN = 'run.json';
/** Bytes that a run's JSON may have once unpacked: more would not fit into the page either. */
const LARGEST = 512 * 1024 * 1024;

/** All files of an export as one zip. Pictures are packed already. */
export const packRun = (files: readonly ExportFile[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      files.map(({ name, content }) =>
        typeof content === 'string' ? [name, strToU8(content)] : [name, [content, { level: 0 as const }]],
      ),
    ),
  );

/**
 * The way back: a run from an exported zip or from its `run.json` alone.
 * @throws HeadwayError `invalid-request`, saying what is wrong with which file
 */
export function readRunFile(name: string, bytes: Uint8Array): ExperimentRun {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return isZip ? readRun(unpacked(name, bytes), `${RUN} in ${name}`) : readRun(strFromU8(bytes), name);
}

function unpacked(name: string, bytes: Uint8Array): string {
  const seen: string[] = [];
  const files = unzip(name, bytes, (file) => {
    seen.push(file.name);
    if (file.name.split('/').at(-1) !== RUN) return false;
    if (file.originalSize <= LARGEST) return true;
    throw invalid(`${RUN} in ${name} has ${file.originalSize} bytes; at most ${LARGEST} can be read.`);
  });
  const [run] = Object.values(files);
  if (run) return strFromU8(run);
  throw invalid(`${name} holds no ${RUN}; it holds ${seen.join(', ') || 'nothing'}.`);
}

function unzip(
  name: string,
  bytes: Uint8Array,
  filter: (file: { name: string; originalSize: number }) => boolean,
) {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof HeadwayError) throw error;
    throw invalid(`${name} is no zip that can be read: ${error instanceof Error ? error.message : error}.`);
  }
}

const invalid = (message: string) => new HeadwayError('invalid-request', message);
