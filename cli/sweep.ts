import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportedFile, KeptRun, SweepOptions, SweepProgress } from '../src/core/commands';
import { HeadwayError } from '../src/core/errors';
import type { ExperimentRun, Wishes } from '../src/core/experiment';
import type { Slo } from '../src/core/figures';
import { ARRIVAL_USES, LOAD_PARAMETERS, type LoadConfig } from '../src/core/load-config';
import { printable } from '../src/core/text';
import type { LoadedTrace } from '../src/core/trace';
import type { Experiment } from '../src/experiments/experiment';
import { summariesOf } from '../src/experiments/files';
import { gridExperiment } from '../src/experiments/grid';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from '../src/experiments/parameters';
import { PRESETS, presetOf } from '../src/experiments/presets';
import { sayTrace } from '../src/traffic/traces/trace-preview';
import type { Command } from './command';
import { PAGE_OPTIONS, pageChoice } from './common-options';
import {
  givePrompts,
  giveTrace,
  PROMPTS_OPTION,
  type ReadPrompts,
  readPromptSet,
  readText,
  readTrace,
} from './input';
import { flag, given, type Option, options, text, type Values } from './option';
import { libraries, outFolder } from './out-folder';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import { createProgress, type Progress } from './progress';
import { assertForTarget, sweepTarget } from './remote/sweep-target';
import { TARGET_OPTIONS, targetChoice, withoutSecrets } from './remote/target-options';
import type { Session } from './session';
import { sweepTable } from './sweep-table';
import { UsageError } from './usage-error';

declare const window: PageWindow;

const { repeats, requests } = EXTENT_PARAMETERS;
const { seed } = LOAD_PARAMETERS;
const WISHES = {
  seed: {
    ...seed,
    help: 'Of requests, arrivals and the order of measurement. Default: the experiment’s own.',
  },
  repeats: { ...repeats, help: 'Measured runs of each point. Default: the experiment’s own.' },
  requests: {
    ...requests,
    help: 'In each repeat of each point. Default: the experiment’s own number or time.',
  },
};

/** Of the traffic, what all points may have otherwise. */
const WISHED_LOAD = {
  outputTokens: LOAD_PARAMETERS.outputTokens,
  promptTokens: LOAD_PARAMETERS.promptTokens,
};

/** Of everything that measures several points. */
export const LONG: Option = flag(
  '--long',
  'Confirms that it may take longer than an hour; else it is refused, with what would fit.',
);

const SWEEP_OPTIONS: readonly Option[] = [
  text('--preset', 'NAME', `One of ${PRESETS.map(({ name }) => name).join(', ')}.`),
  text('--grid', 'FILE.json', 'Any parameters and their values (docs/experiments.md). Instead of --preset.'),
  text('--trace', 'FILE', 'What points with "arrival": "trace" play (docs/measurement.md).'),
  PROMPTS_OPTION,
  text('--out', 'DIR', 'For the files. Default: experiments/, the day and the name.'),
  LONG,
  flag('--json', 'Prints an array of summaries on standard output, one for each point.'),
  ...options(WISHES),
  ...options(SLO_NUMBERS),
  ...options(WISHED_LOAD),
  ...TARGET_OPTIONS,
  ...PAGE_OPTIONS,
];

/** `sweep`: an experiment, measured point by point. */
export const sweep: Command = {
  says: 'Measures an experiment of many settings and writes its tables, plots and checks.',
  options: SWEEP_OPTIONS,
  async run(values, args) {
    const trace = await readTrace(values.get('--trace'), { toS: 0, most: null, unit: 'auto' });
    const prompts = readPromptSet(values.get('--prompts'));
    const { what, wishes } = askedFor(values, trace !== null);
    await runSweep(what, { values, args, trace, prompts }, wishes);
  },
};

interface Given {
  readonly values: Values;
  readonly args: readonly string[];
  readonly trace: LoadedTrace | null;
  readonly prompts: ReadPrompts | null;
}

/** Measures a preset or the content of a grid file, writes its files and prints its table, or with --json its summaries. */
export async function runSweep(
  what: string | object,
  { values, args, trace, prompts }: Given,
  wishes: Wishes = {},
): Promise<void> {
  const target = targetChoice(values, process.env);
  const experiment = experimentOf(what, 'The sweep');
  if (target) assertForTarget(experiment);
  const out = outFolder(values.get('--out') ?? defaultFolder(what));
  const progress = createProgress();
  if (trace) for (const load of tracedLoads(experiment)) progress.say(sayTrace(trace.trace, load));
  const options = { ...wishes, long: values.has('--long'), arguments: withoutSecrets(args) };
  const run = target
    ? await sweepTarget(
        target,
        { experiment, wishes: options, trace, prompts, libraries: libraries() },
        out,
        progress,
      )
    : await sweepPage(what, { values, trace, prompts, options }, out, progress);
  process.stdout.write(
    printable(
      values.has('--json')
        ? `${JSON.stringify(summariesOf(run))}\n`
        : `${sweepTable(run)}\nWritten to ${out}\n`,
    ),
  );
  assertMeasured(run);
}

/** The different ways in which points play the trace. */
function tracedLoads({ points }: Experiment): readonly LoadConfig[] {
  const traced = points.flatMap(({ load }) => (load.arrival === 'trace' ? [load] : []));
  const ways = new Map(
    traced.map((load) => [ARRIVAL_USES.trace.map((name) => load[name]).join(), load] as const),
  );
  return [...ways.values()];
}

async function sweepPage(
  what: string | object,
  { values, trace, prompts, options }: Omit<Given, 'args'> & { readonly options: SweepOptions },
  out: string,
  progress: Progress,
): Promise<ExperimentRun> {
  // Imported after the arguments are checked, so that a wrong one is refused at once.
  const { withPage } = await import('./session');
  return withPage(pageChoice(values), progress, async (session) => {
    if (trace) await giveTrace(session, trace);
    const left = prompts && (await givePrompts(session, prompts.file));
    if (left) progress.say(left);
    const asked = { what, options: { ...options, long: values.has('--long') } };
    const kept = await measure(session, asked, progress);
    progress.show('drawing and writing');
    const files = await sentence(session.page.evaluate((id) => window.headway.exportRun(id), kept.id));
    progress.end();
    for (const file of files) writeFileSync(join(out, file.name), bytesOf(file));
    return runOf(files);
  });
}

interface Asked {
  /** A preset's name, or the content of a grid file. */
  readonly what: string | object;
  readonly options: SweepOptions;
}

/** @throws UsageError for an unknown preset, a wrong grid, or points that need a trace when none is given */
function askedFor(values: Values, traced: boolean) {
  const [preset, grid] = [values.get('--preset'), values.get('--grid')];
  if ((typeof preset === 'string') === (typeof grid === 'string')) {
    const both = preset === undefined ? 'neither' : `both, "${preset}" and "${grid}"`;
    throw new UsageError(`--preset or --grid must be given, exactly one of the two; given: ${both}.`);
  }
  const what = typeof preset === 'string' ? preset : readGrid(String(grid));
  const plays = experimentOf(what, String(grid)).points.some(({ load }) => load.arrival === 'trace');
  if (plays && !traced)
    throw new UsageError(`${grid} has points whose arrival is trace: they need --trace FILE.`);
  if (traced && !plays) {
    throw new UsageError('--trace is played by points whose arrival is trace alone, and there is none.');
  }
  const wishes: Wishes = {
    ...given<Required<Pick<Wishes, 'seed' | 'repeats' | 'requests'>>>(WISHES, values),
    slo: given<Slo>(SLO_NUMBERS, values),
    load: given<Pick<LoadConfig, 'outputTokens' | 'promptTokens'>>(WISHED_LOAD, values),
  };
  return { what, wishes };
}

function experimentOf(what: Asked['what'], grid: string): Experiment {
  try {
    return typeof what === 'string' ? presetOf(what) : gridExperiment(what, grid);
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}

function readGrid(file: string): object {
  const text = readText(file, '--grid');
  try {
    const content: unknown = JSON.parse(text);
    // gridExperiment checks whether it is an object.
    return content as object;
  } catch (error) {
    throw new UsageError(`--grid must be a JSON file; given: "${file}" (${String(error)}).`);
  }
}

function defaultFolder(what: Asked['what']): string {
  const day = new Date().toISOString().slice(0, 10);
  return join('experiments', `${day}-${typeof what === 'string' ? what : 'grid'}`);
}

async function measure({ page }: Session, asked: Asked, progress: Progress): Promise<KeptRun> {
  await page.exposeFunction('headwaySweepProgress', (of: SweepProgress) => progress.show(lineOf(of)));
  const kept = await sentence(page.evaluate(perform, asked));
  progress.end();
  return kept;
}

/** Runs in the page. Progress leaves it once a second: each message costs the page some time. */
async function perform({ what, options }: Asked): Promise<KeptRun> {
  let shown = 0;
  return window.headway.runSweep(
    what,
    (progress) => {
      if (performance.now() - shown < 1000) return;
      shown = performance.now();
      window.headwaySweepProgress(progress);
    },
    options,
  );
}

function lineOf({ point, repeat, units, requests: { done, total }, remainingMs }: SweepProgress): string {
  const left = remainingMs === null ? '' : `, about ${Math.ceil(remainingMs / 1000)} s left`;
  return `${units.done} of ${units.total} measured${left}; ${point ?? 'preparing'}, repeat ${repeat}: ${done} of ${total} requests`;
}

const bytesOf = (file: ExportedFile) => ('text' in file ? file.text : Buffer.from(file.base64, 'base64'));

function runOf(files: readonly ExportedFile[]): ExperimentRun {
  const file = files.find(({ name }) => name === 'run.json');
  if (!file || !('text' in file)) throw new Error('The page exported no run.json.');
  return JSON.parse(file.text);
}

/** @throws Error when the experiment did not finish, or a unit completed no request */
function assertMeasured({ status, units }: ExperimentRun): void {
  if (status.kind === 'failed') throw new Error(`The experiment stopped: ${status.reason}`);
  if (status.kind !== 'finished') throw new Error(`The experiment is ${status.kind}.`);
  const missing = units.filter(({ summary }) => summary.ok === 0);
  const [first] = missing;
  if (!first) return;
  throw new Error(
    `${missing.length} of ${units.length} units completed no request; the first is ${first.point}, repeat ${first.repeat}: ${first.ended_early ?? 'nothing was answered.'}`,
  );
}
