import type { BenchOptions } from '../src/core/experiment';
import type { Slo } from '../src/core/figures';
import {
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
} from '../src/core/load-config';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import type { Trace } from '../src/core/trace';
import { EXTENT_PARAMETERS, type Extent, SLO_NUMBERS } from '../src/experiments/parameters';
import { contradiction } from '../src/traffic/contradictions';
import { cutTrace } from '../src/traffic/traces/cut-trace';
import { PAGE_OPTIONS } from './common-options';
import { flag, given, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

export const BENCH_OPTIONS: readonly Option[] = [
  ...options(SERVING_PARAMETERS),
  ...options(LOAD_PARAMETERS),
  text(
    '--trace',
    'FILE',
    'A recorded load to play, CSV or JSON lines by the names of their columns (docs/measurement.md): --arrival trace.',
  ),
  ...options(EXTENT_PARAMETERS),
  ...options(SLO_NUMBERS),
  text('--out', 'DIR', 'Writes summary.json, requests.csv and manifest.json there.'),
  flag('--json', 'Prints the summary alone on standard output, as one line of JSON.'),
  ...PAGE_OPTIONS,
];

/**
 * What to measure. @param trace what --trace names; all of its requests are measured unless it is said how many
 * @throws UsageError when two options contradict each other
 */
export function benchOptions(values: Values, trace: Trace | null): BenchOptions {
  const { requests, durationS, repeats } = given<Extent>(EXTENT_PARAMETERS, values);
  if (requests !== undefined && durationS !== undefined) {
    throw new UsageError(
      `--requests ${requests} and --duration-s ${durationS} are both given; one of the two is allowed.`,
    );
  }
  const serving = changeServingConfig(
    DEFAULT_SERVING_CONFIG,
    given<ServingConfig>(SERVING_PARAMETERS, values),
  );
  const load = loadOf(given<LoadConfig>(LOAD_PARAMETERS, values), trace);
  const wrong = contradiction(serving, load);
  if (wrong) throw new UsageError(wrong);
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
    requests: durationS === undefined ? (requests ?? played ?? EXTENT_PARAMETERS.requests.default) : null,
    durationS: durationS ?? null,
    repeats: repeats ?? EXTENT_PARAMETERS.repeats.default,
  };
}

/** A trace is played and nothing else, with the lengths that it has. */
function loadOf(given: Partial<LoadConfig>, trace: Trace | null): LoadConfig {
  const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, trace ? { arrival: 'trace', ...given } : given);
  if (load.arrival === 'trace' && !trace) throw new UsageError('--arrival trace needs --trace FILE.');
  if (trace && load.arrival !== 'trace') {
    throw new UsageError(`--trace is played by --arrival trace alone; given: --arrival ${load.arrival}.`);
  }
  if (trace && given.outputTokens !== undefined) {
    throw new UsageError(
      `--output-tokens ${given.outputTokens} has no place beside --trace: a trace brings its own lengths.`,
    );
  }
  return load;
}
