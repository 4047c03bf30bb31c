import type { NumberParameter } from '../src/core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import type { BenchOptions } from '../src/experiments/bench';
import {
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
} from '../src/load/load-config';
import type { Slo } from '../src/metrics/snapshot';
import { SLO_PARAMETERS } from '../src/store/slo-parameters';
import { PAGE_OPTIONS } from './common-options';
import { flag, given, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

interface Extent {
  readonly requests: number;
  readonly durationS: number;
  readonly repeats: number;
}

const EXTENT: { readonly [Name in keyof Extent]: NumberParameter<Name> } = {
  requests: {
    name: 'requests',
    flag: '--requests',
    label: 'Requests',
    kind: 'integer',
    min: 1,
    max: 1_000_000,
    unit: 'requests',
    default: 500,
    stops: [],
    help: 'Exactly this many are measured in each repeat.',
  },
  durationS: {
    name: 'durationS',
    flag: '--duration-s',
    label: 'Duration',
    kind: 'number',
    min: 0.1,
    max: 86_400,
    unit: 's',
    default: Number.NaN,
    stops: [],
    help: 'Instead of --requests: as many as fall into this time.',
  },
  repeats: {
    name: 'repeats',
    flag: '--repeats',
    label: 'Repeats',
    kind: 'integer',
    min: 1,
    max: 100,
    unit: '',
    default: 3,
    stops: [],
    help: 'Measured runs; each figure is the median of theirs.',
  },
};

const slo = (name: keyof Slo): NumberParameter<keyof Slo> => {
  const { parse: _, ...described } = SLO_PARAMETERS[name];
  return { ...described, kind: 'number', default: Number.NaN };
};
const SLO: { readonly [Name in keyof Slo]: NumberParameter } = { p95Ms: slo('p95Ms'), ttftMs: slo('ttftMs') };

export const BENCH_OPTIONS: readonly Option[] = [
  ...options(SERVING_PARAMETERS),
  ...options(LOAD_PARAMETERS),
  ...options(EXTENT),
  ...options(SLO),
  text('--out', 'DIR', 'Writes summary.json, requests.csv and manifest.json there.'),
  flag('--json', 'Prints the summary alone on standard output, as one line of JSON.'),
  ...PAGE_OPTIONS,
];

/** What to measure. @throws UsageError when two options contradict each other */
export function benchOptions(values: Values): BenchOptions {
  const { requests, durationS, repeats } = given<Extent>(EXTENT, values);
  if (requests !== undefined && durationS !== undefined) {
    throw new UsageError(
      `--requests ${requests} and --duration-s ${durationS} are both given; one of the two is allowed.`,
    );
  }
  return {
    serving: changeServingConfig(DEFAULT_SERVING_CONFIG, given<ServingConfig>(SERVING_PARAMETERS, values)),
    load: changeLoadConfig(DEFAULT_LOAD_CONFIG, given<LoadConfig>(LOAD_PARAMETERS, values)),
    slo: { p95Ms: null, ttftMs: null, ...given<Slo>(SLO, values) },
    requests: durationS === undefined ? (requests ?? EXTENT.requests.default) : null,
    durationS: durationS ?? null,
    repeats: repeats ?? EXTENT.repeats.default,
  };
}
