import type { ExperimentRun, ParameterName, PlannedPoint } from '../core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { PARAMETERS } from './parameters';
import { PRESETS } from './presets';

type Setting = Readonly<Partial<Record<ParameterName, string | number>>>;

const DEFAULTS: Setting = { ...DEFAULT_SERVING_CONFIG, ...DEFAULT_LOAD_CONFIG };
const NAMES = (Object.keys(PARAMETERS) as ParameterName[]).filter((name) => name !== 'seed');

/** How a run is measured again. */
interface Repeat {
  /** For a shell. */
  readonly command: string;
  /** Content of the grid file that the command reads; null where it needs none. */
  readonly grid: object | null;
}

/** The run's own command line where it has one; else its preset, or its points as a grid file. */
export function repeatCommand(run: ExperimentRun): Repeat {
  const { environment, seed, repeats } = run;
  if (environment.arguments.length > 0) {
    return { command: ['npm run headway --', ...environment.arguments.map(quoted)].join(' '), grid: null };
  }
  const { adapter, model } = environment;
  const where = [
    `--model ${quoted(model.name)}`,
    ...(adapter.kind === 'simulated' ? [] : [`--backend ${adapter.kind}`]),
    ...(adapter.software ? ['--adapter software'] : []),
  ];
  const preset = PRESETS.find(({ name, title }) => name === run.experiment && title === run.title);
  const what = preset ? `--preset ${preset.name}` : '--grid grid.json';
  const [first] = run.points;
  const requests =
    preset && first && first.requests !== preset.points[0]?.requests && first.requests !== null
      ? [`--requests ${first.requests}`]
      : [];
  const extent = [`--seed ${seed}`, `--repeats ${repeats}`, ...requests];
  return {
    command: ['npm run headway -- sweep', what, ...extent, ...where].join(' '),
    grid: preset ? null : gridOf(run),
  };
}

/** A run's points as the content of a grid file: what they share is its base. Extent and objectives are the first point's. */
function gridOf({ name, says, seed, repeats, points }: ExperimentRun): object {
  const shown = points.filter(({ probe }) => !probe);
  const [first] = shown;
  const settings = shown.map((point) => settingOf(point));
  const shared = NAMES.filter((key) => new Set(settings.map((setting) => setting[key])).size === 1);
  const own = NAMES.filter((key) => !shared.includes(key));
  const pick = (setting: Setting, names: readonly ParameterName[], all: boolean) =>
    Object.fromEntries(
      names.filter((key) => all || setting[key] !== DEFAULTS[key]).map((key) => [key, setting[key]]),
    );
  const changes = shown.map((point) => pick(settingOf(point), own, true));
  const baseline = shown.findIndex((point) => point.baseline);
  return {
    name,
    says,
    seed,
    repeats,
    ...(first?.requests == null ? { durationS: first?.durationS ?? 1 } : { requests: first.requests }),
    slo: first?.slo ?? {},
    base: pick(settings[0] ?? {}, shared, false),
    points: changes.filter((_, index) => index !== baseline),
    ...(baseline < 0 ? {} : { baseline: changes[baseline] }),
  };
}

const settingOf = ({ serving, load }: PlannedPoint): Setting => ({ ...serving, ...load });

/** As a POSIX shell reads it back. */
const quoted = (text: string) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
