import { HeadwayError } from '../src/core/errors';
import type { BenchOptions, ParameterName } from '../src/core/experiment';
import type { Slo } from '../src/core/figures';
import {
  type Arrival,
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
  withImpliedArrival,
} from '../src/core/load-config';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import type { Trace } from '../src/core/trace';
import { gridExperiment } from '../src/experiments/grid';
import { EXTENT_PARAMETERS, type Extent, PARAMETERS, SLO_NUMBERS } from '../src/experiments/parameters';
import { contradiction } from '../src/traffic/contradictions';
import { cutTrace, unitProblem } from '../src/traffic/traces/cut-trace';
import type { TracePart } from '../src/traffic/traces/trace-reader';
import { PAGE_OPTIONS } from './common-options';
import { PROMPTS_OPTION } from './input';
import { flag, given, givenLists, lists, type Option, options, text, type Values } from './option';
import { TARGET_OPTIONS } from './remote/target-options';
import { LONG } from './sweep';
import { UsageError } from './usage-error';

/** The seed is the whole sweep's: points are compared under the same requests. */
const { seed, ...SWEPT_LOAD } = LOAD_PARAMETERS;
const { traceFromS, traceToS, timeScale, traceUnit } = LOAD_PARAMETERS;
const TRACE_PARAMETERS = { traceFromS, traceToS, timeScale, traceUnit };
export const SWEPT = { ...SERVING_PARAMETERS, ...SWEPT_LOAD };

export const BENCH_OPTIONS: readonly Option[] = [
  ...lists(SERVING_PARAMETERS),
  ...lists(SWEPT_LOAD),
  ...options({ seed }),
  text(
    '--trace',
    'FILE',
    'A recorded load to play, CSV or JSON lines by the names of their columns (docs/measurement.md): --arrival trace.',
  ),
  PROMPTS_OPTION,
  ...options(EXTENT_PARAMETERS),
  ...options(SLO_NUMBERS),
  text(
    '--out',
    'DIR',
    'Writes summary.json, requests.csv and manifest.json there; of a sweep its own files. Default: nothing; of a sweep experiments/, the day and the name.',
  ),
  flag(
    '--json',
    'Prints the summary alone on standard output, as one line of JSON; of a sweep an array of summaries.',
  ),
  ...TARGET_OPTIONS,
  LONG,
  ...PAGE_OPTIONS,
];

/** The plan that the options give: one configuration, or a sweep over every option that has several values. */
export type BenchPlan =
  | { readonly kind: 'bench'; readonly options: BenchOptions }
  | { readonly kind: 'sweep'; readonly grid: object };

/**
 * @param trace what --trace names; all of its requests are measured unless it is said how many
 * @throws UsageError when two options contradict each other
 */
export function benchPlan(values: Values, trace: Trace | null): BenchPlan {
  const lists = givenLists(SWEPT, values);
  if (Object.keys(lists).length === 0) return { kind: 'bench', options: benchOptions(values, trace) };
  const { repeats, ...extent } = extentOf(values, trace?.at.length ?? null);
  const { seed, ...load } = given<LoadConfig>(LOAD_PARAMETERS, values);
  const base = withArrival({ ...given<ServingConfig>(SERVING_PARAMETERS, values), ...load }, lists, trace);
  const grid = {
    name: `Sweep over ${Object.keys(lists)
      .map((name) => PARAMETERS[name as ParameterName].label.toLowerCase())
      .join(' and ')}`,
    ...(seed === undefined ? {} : { seed }),
    repeats,
    ...(extent.requests === null ? { durationS: extent.durationS } : { requests: extent.requests }),
    slo: given<Slo>(SLO_NUMBERS, values),
    base,
    grid: lists,
  };
  try {
    gridExperiment(grid, 'The sweep');
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
  return { kind: 'sweep', grid };
}

function benchOptions(values: Values, trace: Trace | null): BenchOptions {
  const serving = changeServingConfig(
    DEFAULT_SERVING_CONFIG,
    given<ServingConfig>(SERVING_PARAMETERS, values),
  );
  const changes = withArrival(given<LoadConfig>(LOAD_PARAMETERS, values), {}, trace);
  const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, changes);
  const wrong = contradiction(serving, load);
  if (wrong) throw new UsageError(wrong);
  const wrongUnit = trace && unitProblem(trace, load.traceUnit);
  if (wrongUnit) throw new UsageError(wrongUnit);
  const played = trace && cutTrace(trace, load).length;
  if (played === 0) {
    throw new UsageError(
      `--trace-from-s ${load.traceFromS} and --trace-to-s ${load.traceToS} leave no request of ${trace?.name}.`,
    );
  }
  return {
    serving,
    load,
    slo: { p95Ms: null, ttftMs: null, ...given<Slo>(SLO_NUMBERS, values) },
    ...extentOf(values, played),
  };
}

/** What of a trace has to be held for what the options ask for. */
export function playedPart(values: Values): TracePart {
  const { requests, durationS } = given<Extent>(EXTENT_PARAMETERS, values);
  const {
    traceFromS = 0,
    traceToS = 0,
    timeScale = 1,
    traceUnit = 'auto',
  } = given<LoadConfig>(LOAD_PARAMETERS, values);
  const swept = Object.keys(givenLists(TRACE_PARAMETERS, values)).length > 0;
  const ends = [traceToS, durationS === undefined ? 0 : traceFromS + durationS / timeScale].filter(
    (s) => s > 0,
  );
  return {
    toS: swept || ends.length === 0 ? 0 : Math.min(...ends),
    most: swept || traceFromS > 0 ? null : (requests ?? null),
    unit: swept ? 'auto' : traceUnit,
  };
}

/** @param played requests of the trace; null without one */
export function extentOf(values: Values, played: number | null) {
  const { requests, durationS, repeats } = given<Extent>(EXTENT_PARAMETERS, values);
  if (requests !== undefined && durationS !== undefined) {
    throw new UsageError(
      `--requests ${requests} and --duration-s ${durationS} are both given; one of the two is allowed.`,
    );
  }
  return {
    requests: durationS === undefined ? (requests ?? played ?? EXTENT_PARAMETERS.requests.default) : null,
    durationS: durationS ?? null,
    repeats: repeats ?? EXTENT_PARAMETERS.repeats.default,
  };
}

/**
 * The settings with the arrivals that they mean: of a trace, the trace with its own lengths; of a rate, Poisson.
 * @throws UsageError for a trace or a rate that the given arrivals would not use
 */
export function withArrival<Changes extends Partial<LoadConfig>>(
  changes: Changes,
  lists: Readonly<Record<string, readonly (string | number)[]>>,
  trace: Trace | null,
): Changes {
  const arrivals = lists.arrival ?? (changes.arrival === undefined ? [] : [changes.arrival]);
  const said = arrivals.join(',');
  if (arrivals.includes('trace') && !trace) throw new UsageError('--arrival trace needs --trace FILE.');
  if (trace && arrivals.some((arrival) => arrival !== 'trace')) {
    throw new UsageError(`--trace is played by --arrival trace alone; given: --arrival ${said}.`);
  }
  const lengths = lists.outputTokens?.join(',') ?? changes.outputTokens;
  if (trace && lengths !== undefined) {
    throw new UsageError(
      `--output-tokens ${lengths} cannot be used with --trace: a trace brings its own lengths.`,
    );
  }
  const rate = [lists.rate ?? changes.rate ?? []].flat();
  const asked = trace ? ['trace' as const] : (arrivals as readonly Arrival[]);
  const [implied] = rate.flatMap((one) => impliedArrivals(Number(one), asked));
  if (arrivals.length > 0) return changes;
  if (trace) return { ...changes, arrival: 'trace' };
  return implied === undefined ? changes : { ...changes, arrival: implied };
}

/** @throws UsageError for a rate that one of the arrivals does not use */
function impliedArrivals(rate: number, arrivals: readonly Arrival[]): readonly (Arrival | undefined)[] {
  const asked = arrivals.length > 0 ? arrivals.map((arrival) => ({ rate, arrival })) : [{ rate }];
  try {
    return asked.map((changes) => withImpliedArrival<Partial<LoadConfig>>(changes).arrival);
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}
