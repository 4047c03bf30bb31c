import { readFileSync } from 'node:fs';
import type { Calibration } from '../src/core/calibration';
import { readCalibration } from '../src/core/calibration';
import { HeadwayError } from '../src/core/errors';
import type { BenchOptions } from '../src/core/experiment';
import type { Slo } from '../src/core/figures';
import {
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
} from '../src/core/load-config';
import type { ChoiceParameter, NumberParameter } from '../src/core/parameter';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../src/core/serving-config';
import type { Trace } from '../src/core/trace';
import { ROUTERS, type RouterName } from '../src/core/twin-control';
import { combinations } from '../src/experiments/experiment';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from '../src/experiments/parameters';
import { cellKey, type Fleet } from '../src/experiments/predict';
import { contradiction } from '../src/traffic/contradictions';
import { cutTrace } from '../src/traffic/traces/cut-trace';
import { extentOf, SWEPT, withArrival } from './bench-options';
import { PAGE_OPTIONS } from './common-options';
import { flag, given, givenLists, lists, type Option, options, text, type Values } from './option';
import { UsageError } from './usage-error';

const CALIBRATE_S: NumberParameter<'calibrateS'> = {
  name: 'calibrateS',
  flag: '--calibrate-s',
  label: 'Calibration',
  kind: 'number',
  min: 0.5,
  max: 600,
  unit: 's',
  default: 5,
  stops: [],
  help: 'Time for the short runs from which the costs of steps are fitted, beside their warm-up.',
};

const REPLICAS: NumberParameter<'replicas'> = {
  name: 'replicas',
  flag: '--replicas',
  label: 'Replicas',
  kind: 'integer',
  min: 1,
  max: 10_000,
  unit: 'engines',
  default: 1,
  stops: [],
  help: 'Engines behind one address. Their figures are predicted; --verify measures one engine only.',
};

const ROUTER: ChoiceParameter = {
  name: 'router',
  flag: '--router',
  label: 'Router',
  kind: 'choice',
  choices: ROUTERS,
  default: 'least-outstanding',
  help: 'How a request finds its engine. central: one queue, from which an engine takes what it has room for.',
};

export const PREDICT_OPTIONS: readonly Option[] = [
  ...lists(SWEPT),
  ...options({ seed: LOAD_PARAMETERS.seed }),
  text('--trace', 'FILE', 'A recorded load to play (docs/measurement.md): --arrival trace.'),
  ...options(EXTENT_PARAMETERS),
  ...options(SLO_NUMBERS),
  ...options({ CALIBRATE_S, REPLICAS, ROUTER }),
  text(
    '--calibration',
    'FILE',
    'A calibration.json that predict has written, of this or another machine, instead of calibrating.',
  ),
  flag(
    '--verify',
    'Measures each cell as well, with the same seeds, and says how far the prediction was off.',
  ),
  text('--out', 'DIR', 'Writes predict.json, calibration.json and the plots there.'),
  flag('--json', 'Prints the result alone on standard output, as one line of JSON.'),
  ...PAGE_OPTIONS,
];

/** What is to be predicted. */
export interface PredictAsked {
  /** The bench of each cell of the grid, no two of which mean the same. */
  readonly cells: readonly BenchOptions[];
  /** Parameters of which several values were given, in the order of the tables. */
  readonly axes: readonly (keyof ServingConfig | keyof LoadConfig)[];
  readonly fleet: Fleet;
  /** Null: calibrate for so long. */
  readonly calibration: Calibration | null;
  readonly calibrateS: number;
  readonly verify: boolean;
}

type Names = keyof ServingConfig | keyof LoadConfig;

/** @throws UsageError for options that contradict each other, or a calibration that is none */
export function predictAsked(values: Values, trace: Trace | null): PredictAsked {
  const slo = { p95Ms: null, ttftMs: null, ...given<Slo>(SLO_NUMBERS, values) };
  const grid = gridOf(values, trace);
  const cells = new Map<string, BenchOptions>();
  for (const changes of combinations(grid)) {
    const serving = changeServingConfig(
      DEFAULT_SERVING_CONFIG,
      pick<ServingConfig>(changes, SERVING_PARAMETERS),
    );
    const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, pick<LoadConfig>(changes, LOAD_PARAMETERS));
    const wrong = contradiction(serving, load);
    if (wrong) throw new UsageError(wrong);
    const played = trace && cutTrace(trace, load).length;
    cells.set(cellKey(serving, load), {
      serving,
      load,
      slo,
      ...extentOf(values, played),
    });
  }
  const fleet: Fleet = {
    replicas: Number(values.get('--replicas') ?? REPLICAS.default),
    router: (values.get('--router') ?? ROUTER.default) as RouterName,
  };
  const verify = values.has('--verify');
  if (verify && fleet.replicas > 1) {
    throw new UsageError(`--verify measures one engine; given: --replicas ${fleet.replicas}.`);
  }
  const file = values.get('--calibration');
  if (file !== undefined && values.has('--calibrate-s')) {
    throw new UsageError('--calibration and --calibrate-s are both given; one of the two is allowed.');
  }
  return {
    cells: [...cells.values()],
    axes: Object.entries(grid).flatMap(([name, list]) => (list.length > 1 ? [name as Names] : [])),
    fleet,
    calibration: file === undefined ? null : calibrationOf(String(file)),
    calibrateS: Number(values.get('--calibrate-s') ?? CALIBRATE_S.default),
    verify,
  };
}

/** Every parameter that was given with all of its values. */
function gridOf(values: Values, trace: Trace | null): Readonly<Record<string, readonly (string | number)[]>> {
  const several = givenLists(SWEPT, values);
  const single = withArrival(
    { ...given<ServingConfig>(SERVING_PARAMETERS, values), ...given<LoadConfig>(LOAD_PARAMETERS, values) },
    several,
    trace,
  );
  const lists = Object.entries(single).map(([name, value]) => [name, [value]] as const);
  return { ...Object.fromEntries(lists), ...several };
}

function calibrationOf(file: string): Calibration {
  try {
    return readCalibration(JSON.parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof HeadwayError) throw new UsageError(error.message);
    throw new UsageError(
      `--calibration must be a JSON file that can be read; given: "${file}" (${String(error)}).`,
    );
  }
}

function pick<Config extends object>(
  changes: object,
  table: Readonly<Record<keyof Config & string, unknown>>,
): Partial<Config> {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => name in table)) as Partial<Config>;
}
