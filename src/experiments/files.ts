import type { Disturbance } from '../core/disturbance';
import { HeadwayError } from '../core/errors';
import type {
  BenchOptions,
  BenchResult,
  BenchSummary,
  ExperimentRun,
  ParameterName,
  PlannedPoint,
} from '../core/experiment';
import { columnOf } from '../core/parameter';
import type { RequestRecord } from '../core/request-record';
import { SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import {
  complianceOf,
  configOf,
  figuresOf,
  medianSummary,
  type PointFigures,
  shortness,
  worstRun,
} from './figures';

const { policy, maxBatch, maxWaitMs } = SERVING_PARAMETERS;
/** Of the settings, what every table names. */
const SETTING_COLUMNS = [policy, maxBatch, maxWaitMs].map(columnOf);

type Cell = string | number | null;

/** A table as comma-separated lines (RFC 4180, but for the bare line feeds); null is an empty cell. */
const csv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\n`).join('');

function cellOf(cell: Cell): string {
  const text = String(cell ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TIMES = [
  'scheduled',
  'sent',
  'enqueued',
  'batched',
  'started',
  'firstToken',
  'lastToken',
  'finished',
] as const satisfies readonly (keyof RequestRecord)[];

/** A request's columns in every `requests.csv`. Times in ms from the repeat's first `scheduled`, empty where it never got there. */
const REQUEST_COLUMNS = [
  'repeat',
  'id',
  'scheduled_ms',
  'sent_ms',
  'enqueued_ms',
  'batched_ms',
  'started_ms',
  'first_token_ms',
  'last_token_ms',
  'finished_ms',
  'batch_size',
  'prompt_tokens',
  'output_tokens',
  'sequences',
  'tpot_ms',
  'outcome',
] as const;

/** Policy, batch and wait of a point; empty for a remote engine, whose own they are. */
function servingCells({ environment }: ExperimentRun, serving: ServingConfig | undefined): readonly Cell[] {
  if (environment.adapter.kind === 'remote' || !serving) return [null, null, null];
  return [serving.policy, serving.maxBatch, serving.maxWaitMs];
}

/** A line of cells for each request of a repeat. */
function requestCells(records: readonly RequestRecord[], repeat: number): readonly (readonly Cell[])[] {
  const start = records.reduce(
    (first, { scheduled }) => Math.min(first, scheduled),
    Number.POSITIVE_INFINITY,
  );
  return records.map((record) => {
    const times = TIMES.map((time) => {
      const at = record[time];
      return at === null ? null : (at - start).toFixed(3);
    });
    const { id, batchSize, promptTokens, outputTokens, sequences, tpot, outcome } = record;
    const counts = [batchSize, promptTokens, outputTokens, sequences];
    return [repeat, id, ...times, ...counts, tpot?.toFixed(3) ?? null, outcome];
  });
}

const COLUMNS = [
  ...SETTING_COLUMNS,
  'repeats',
  'requests',
  'ok',
  'rejected',
  'expired',
  'cancelled',
  'failed',
  'throughput_rps',
  'throughput_tps',
  'p50_ms',
  'p95_ms',
  'p95_min_ms',
  'p95_max_ms',
  'p99_ms',
  'ttft_p95_ms',
  'mean_batch_fill',
  'wasted_token_share',
  'ended_early',
] as const;

/** Parameters that have a column already. */
const IN_COLUMNS: readonly ParameterName[] = ['policy', 'maxBatch', 'maxWaitMs'];

/**
 * `batch_sweep.csv`: a line per point, in the order of the plan. Figures are medians over the repeats, `p95_min_ms` and
 * `p95_max_ms` the repeats' extremes, counts are from the repeat that lost most; a figure that was not measured is empty. What a
 * point differs in beyond policy, batch and wait follows in columns of its own, under the parameter's name.
 */
export function batchSweepCsv(run: ExperimentRun): string {
  const axes = run.axes.filter((name) => !IN_COLUMNS.includes(name));
  return csv(
    [...COLUMNS, ...axes],
    figuresOf(run).map((figures) => [
      ...servingCells(run, figures.point.serving),
      ...cellsOf(figures),
      ...axes.map((name) => axisValueOf(figures, name)),
    ]),
  );
}

function cellsOf({ units, summary, p95, endedEarly }: PointFigures) {
  const { requests, ok, rejected, expired, cancelled, failed } = summary;
  return [
    units.length,
    requests,
    ok,
    rejected,
    expired,
    cancelled,
    failed,
    ...[
      summary.throughput_rps,
      summary.throughput_tps,
      summary.latency_ms?.p50 ?? null,
      summary.latency_ms?.p95 ?? null,
      p95?.min ?? null,
      p95?.max ?? null,
      summary.latency_ms?.p99 ?? null,
      summary.ttft_ms?.p95 ?? null,
      summary.mean_batch_fill,
      summary.wasted_token_share,
    ].map((value) => value?.toFixed(4) ?? null),
    String(endedEarly !== null),
  ];
}

const axisValueOf = ({ point }: PointFigures, name: ParameterName): string | number =>
  ({ ...point.serving, ...point.load })[name];

/** `requests.csv` of a bench: a line per request. */
export function requestsCsv({
  summary,
  records,
}: Pick<BenchResult, 'records'> & { readonly summary: Pick<BenchSummary, 'config'> }): string {
  // Of a remote engine they are not known.
  const { policy = null, maxBatch = null, maxWaitMs = null } = summary.config;
  return csv(
    [...SETTING_COLUMNS, ...REQUEST_COLUMNS],
    records.flatMap((repeat, index) =>
      requestCells(repeat, index + 1).map((cells) => [policy, maxBatch, maxWaitMs, ...cells]),
    ),
  );
}

/** Facts that the command line knows and the page does not. */
interface ManifestFacts {
  /** Name and version. */
  readonly browser: string;
  /** Exact versions by name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** Every argument of the command line. */
  readonly arguments: readonly string[];
}

/** `manifest.json`: enough to run it again. */
interface Manifest extends ManifestFacts {
  readonly config: BenchSummary['config'];
  readonly slo: BenchOptions['slo'];
  readonly requests: number | null;
  readonly duration_s: number | null;
  readonly repeats: number;
  readonly warmup_requests: number;
  /** Requests whose forced lengths were cut to fit the context. */
  readonly clipped: number;
  /** What was played, by name and hash; null for any other arrivals. */
  readonly trace: BenchResult['trace'];
  readonly ended_early: string | null;
  /** What disturbed any of its repeats from outside. */
  readonly disturbed: readonly Disturbance[];
  /** What a remote engine did not do as it was asked; null for an engine of Headway's own. */
  readonly compliance: BenchResult['compliance'];
  readonly seed: number;
  readonly revision: string;
  readonly model: BenchSummary['model'];
  readonly adapter: BenchSummary['adapter'];
  readonly started_at: string;
  readonly finished_at: string;
}

export function manifestOf(
  { summary, options, warmupRequests, clipped, trace, endedEarly, disturbed, compliance }: BenchResult,
  facts: ManifestFacts,
): Manifest {
  return {
    config: summary.config,
    slo: options.slo,
    requests: options.requests,
    duration_s: options.durationS,
    repeats: summary.repeats,
    warmup_requests: warmupRequests,
    clipped,
    trace,
    ended_early: endedEarly,
    disturbed,
    compliance,
    seed: summary.seed,
    revision: summary.revision,
    model: summary.model,
    adapter: summary.adapter,
    started_at: summary.started_at,
    finished_at: summary.finished_at,
    browser: facts.browser,
    libraries: facts.libraries,
    arguments: facts.arguments,
  };
}

/** A line per request, unit by unit in the order of measurement. */
export function runRequestsCsv(run: ExperimentRun): string {
  const { points, units } = run;
  const serving = new Map(points.map((point) => [point.id, point.serving]));
  return csv(
    ['setting', ...SETTING_COLUMNS, ...REQUEST_COLUMNS],
    units.flatMap(({ point, repeat, records }) => {
      const setting = servingCells(run, serving.get(point));
      return requestCells(records, repeat).map((cells) => [point, ...setting, ...cells]);
    }),
  );
}

/** `summary.json` of one measured point. @throws HeadwayError when no unit of it was measured */
export function summaryOf({ units, seed, environment }: ExperimentRun, point: PlannedPoint): BenchSummary {
  const own = units.filter((unit) => unit.point === point.id).toSorted((a, b) => a.repeat - b.repeat);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) throw new HeadwayError('invalid-state', `"${point.label}" was not measured.`);
  return {
    config: configOf(environment.adapter, point),
    seed,
    repeats: own.length,
    ...medianSummary(own.map((unit) => unit.summary)),
    p95_ms_by_repeat: own.map((unit) => unit.summary.latency_ms?.p95 ?? null),
    counters: worstRun(own).counters,
    ...shortness(complianceOf(own)),
    adapter: environment.adapter,
    model: environment.model,
    revision: environment.revision,
    started_at: first.started_at,
    finished_at: last.finished_at,
  };
}

/** `summary.json` of every point that was measured, in the order of the plan. */
export const summariesOf = (run: ExperimentRun): readonly BenchSummary[] =>
  figuresOf(run).map(({ point }) => summaryOf(run, point));
