import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import type { BenchOptions } from '../src/experiments/bench';
import { EXTENT_PARAMETERS, type Extent, SLO_NUMBERS } from '../src/experiments/bench-parameters';
import { contradiction } from '../src/load/contradictions';
import {
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
} from '../src/load/load-config';
import type { Slo } from '../src/metrics/snapshot';
import { PAGE_OPTIONS } from './common-options';
import { flag, given, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

export const BENCH_OPTIONS: readonly Option[] = [
  ...options(SERVING_PARAMETERS),
  ...options(LOAD_PARAMETERS),
  ...options(EXTENT_PARAMETERS),
  ...options(SLO_NUMBERS),
  text('--out', 'DIR', 'Writes summary.json, requests.csv and manifest.json there.'),
  flag('--json', 'Prints the summary alone on standard output, as one line of JSON.'),
  ...PAGE_OPTIONS,
];

/** What to measure. @throws UsageError when two options contradict each other */
export function benchOptions(values: Values): BenchOptions {
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
  const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, given<LoadConfig>(LOAD_PARAMETERS, values));
  const wrong = contradiction(serving, load);
  if (wrong) throw new UsageError(wrong);
  return {
    serving,
    load,
    slo: { p95Ms: null, ttftMs: null, ...given<Slo>(SLO_NUMBERS, values) },
    requests: durationS === undefined ? (requests ?? EXTENT_PARAMETERS.requests.default) : null,
    durationS: durationS ?? null,
    repeats: repeats ?? EXTENT_PARAMETERS.repeats.default,
  };
}
