import type { ServingInfo } from '../core/engine';
import { HeadwayError, toPlain } from '../core/errors';
import type { ExperimentRun, MeasuredRun, RunEnvironment } from '../core/experiment';
import { measurePace, tooLong } from '../experiments/estimate';
import type { Experiment } from '../experiments/experiment';
import { beginRun, unitsLeft } from '../experiments/experiment';
import { PRESETS, presetOf } from '../experiments/presets';
import { environmentDifferences } from '../experiments/provenance';
import { ExperimentRunner } from '../experiments/runner';
import type { SessionPort } from '../session/session';
import type { AppStore } from './app-state';
import type { ActiveExperiment, DrawPlots, ExperimentActions, ExperimentsState } from './experiments-state';
import { exportFiles } from './export-files';
import type { Measuring, MeasuringPage } from './measuring';
import { headerOf, type RunArchive } from './run-archive';

/** What the page knows of itself, for the record of a run. */
type PageFacts = Pick<RunEnvironment, 'revision' | 'browser' | 'libraries'>;

/** Where experiments live: the page itself, or a test. */
export interface ExperimentsHome {
  readonly facts: PageFacts;
  readonly archive: RunArchive;
  readonly drawPlots: DrawPlots;
}

interface ExperimentEnvironment extends ExperimentsHome {
  readonly store: AppStore;
  readonly session: Pick<SessionPort, 'configure' | 'traffic'>;
  readonly measuring: Measuring;
  readonly problem: (error: unknown) => void;
  /** Wall-clock time, ISO 8601. */
  readonly now: () => string;
}

type RunId = ExperimentRun['id'];

interface Conducted {
  begun: { readonly id: RunId; readonly runner: ExperimentRunner } | null;
  /** When settings and load are back, and other tabs may measure. */
  ended: Promise<unknown>;
}

const LONGEST_NAME = 120;

export function createExperimentActions({
  store,
  session,
  archive,
  facts,
  drawPlots,
  measuring,
  problem,
  now,
}: ExperimentEnvironment): ExperimentActions {
  /** The one that has the page, from when it is asked for until all is as it was before. */
  let current: Conducted | null = null;

  const experiments = () => store.getState().experiments;
  const change = (to: (state: ExperimentsState) => Partial<ExperimentsState>) =>
    store.setState(
      (state) => ({ ...state, experiments: { ...state.experiments, ...to(state.experiments) } }),
      true,
    );
  const showActive = (changes: Partial<ActiveExperiment>) =>
    change(({ active }) => ({ active: active && { ...active, ...changes } }));
  const show = (run: ExperimentRun) =>
    change(({ headers, open }) => ({
      headers: [headerOf(run), ...headers.filter(({ id }) => id !== run.id)].toSorted((a, b) =>
        b.started_at.localeCompare(a.started_at),
      ),
      open: { ...open, [run.id]: run },
    }));

  const listed = archive
    .list()
    .then((kept) => {
      // One that was under way when its page was closed waits to be resumed.
      const headers = kept.map((header) =>
        header.status.kind === 'running' ? { ...header, status: { kind: 'paused' as const } } : header,
      );
      change(() => ({ headers }));
    })
    .catch(problem);

  async function mustRead(id: RunId): Promise<ExperimentRun> {
    const run = experiments().open[id] ?? (await archive.read(id));
    if (run) return run;
    const ids = experiments().headers.map((header) => header.id);
    throw refused(
      `There is no kept experiment "${id}"; ${ids.length > 0 ? `there are ${ids.join(', ')}` : 'none is kept'}.`,
    );
  }

  /**
   * @param begin where the run stands, on what is served now
   * @param check refuses it before it begins
   */
  async function conduct(
    experiment: Pick<Experiment, 'next'>,
    begin: (served: ServingInfo) => ExperimentRun,
    check: (served: ServingInfo) => Promise<void> = async () => {},
  ): Promise<ExperimentRun> {
    if (current) throw refused('An experiment is under way; pause or cancel it first.');
    const mine: Conducted = { begun: null, ended: Promise.resolve() };
    const measured = measuring(async (page) => {
      await check(page.served);
      const begun = begin(page.served);
      const runner = runnerOf(experiment, begun, page);
      const going = runner.go();
      mine.begun = { id: begun.id, runner };
      change(() => ({ active: idleAt(begun, 'running') }));
      return going;
    });
    mine.ended = measured.catch(() => {});
    current = mine;
    try {
      const run = await measured;
      change(() => ({ active: run.status.kind === 'paused' ? idleAt(run, 'paused') : null }));
      return await mustRead(run.id);
    } catch (error) {
      if (mine.begun) change(() => ({ active: null }));
      throw error;
    } finally {
      current = null;
    }
  }

  function runnerOf(experiment: Pick<Experiment, 'next'>, begun: ExperimentRun, page: MeasuringPage) {
    let written = begun.units.length;
    const keep = async (run: ExperimentRun) => {
      // It may have been renamed meanwhile.
      const named = { ...run, name: experiments().open[run.id]?.name ?? run.name };
      show(named);
      // What could not be written is tried again with the next unit; the measuring goes on without.
      await archive.keep(named, written).then(
        () => {
          written = named.units.length;
        },
        (error) => problem(unkept(error)),
      );
    };
    return new ExperimentRunner(experiment, begun, {
      configure: (config) => session.configure(config),
      measure: (run, onProgress) => {
        page.show(run);
        return page.witness(() => session.traffic.measure(run, onProgress));
      },
      abort: () => session.traffic.abortMeasure(),
      keep,
      now,
      onProgress: ({ point, run, repeat, done, total, remainingMs }) => {
        page.progress({ done, total, repeat });
        showActive({
          point: point.label,
          repeat,
          units: unitsOf(run),
          requests: { done, total },
          remainingMs,
        });
      },
    });
  }

  /** A kept run in another form: what is written of it is its header alone. */
  async function rewrite(id: RunId, changes: Partial<ExperimentRun>): Promise<void> {
    const run = { ...(await mustRead(id)), ...changes };
    await archive.keep(run, run.units.length);
    change(({ headers, open }) => ({
      headers: headers.map((header) => (header.id === id ? headerOf(run) : header)),
      open: open[id] ? { ...open, [id]: { ...open[id], ...changes } } : open,
    }));
  }

  const newId = (wanted: string): string => {
    const taken = new Set(experiments().headers.map(({ id }) => id));
    for (let n = 1; ; n++) {
      const id = n === 1 ? wanted : `${wanted}-${n}`;
      if (!taken.has(id)) return id;
    }
  };

  return {
    async startExperiment(asked, { arguments: given = [], long = false, ...wishes } = {}) {
      const experiment = typeof asked === 'string' ? presetOf(asked) : asked;
      await listed;
      const begin = (served: ServingInfo) => {
        const environment = environmentOf(served, facts, given);
        const at = now();
        return beginRun(experiment, environment, { id: newId(`${at}-${experiment.name}`), now: at }, wishes);
      };
      const { serving } = store.getState().settings;
      return conduct(experiment, begin, async ({ model }) => {
        const measure = (run: MeasuredRun) => session.traffic.measure(run, () => {});
        const pace = await measurePace(measure, serving, model.contextLength);
        change(() => ({ pace }));
        const why = long ? null : tooLong(experiment, pace, wishes);
        if (why) throw refused(why);
      });
    },
    async pauseExperiment() {
      if (!current?.begun) return;
      showActive({ status: 'pausing' });
      current.begun.runner.pause();
      await current.ended;
    },
    async resumeExperiment(id) {
      const run = await mustRead(id);
      if (run.status.kind === 'finished')
        throw refused(`"${run.name}" has finished; there is nothing left to measure.`);
      const preset = PRESETS.find(({ name }) => name === run.experiment);
      return conduct(preset ?? {}, ({ adapter, model }) => {
        const differences = environmentDifferences(run.environment, {
          ...run.environment,
          ...facts,
          adapter,
          model,
        });
        if (differences.length === 0) return run;
        throw refused(
          `"${run.name}" cannot go on, since its figures would not compare: ${differences.join('; ')}. ` +
            'Put back what has changed, or start the experiment anew.',
        );
      });
    },
    async cancelExperiment() {
      const { active } = experiments();
      if (current?.begun) {
        const { begun, ended } = current;
        await begun.runner.cancel();
        await ended;
      } else if (active) {
        await rewrite(active.id, { status: { kind: 'cancelled' }, finished_at: now() });
        change(() => ({ active: null }));
      }
    },
    async openRun(id) {
      const run = await mustRead(id);
      change(({ open }) => ({ open: { [id]: run, ...open } }));
      return run;
    },
    async renameRun(id, name) {
      const given = name.trim();
      if (given === '' || given.length > LONGEST_NAME) {
        throw new HeadwayError(
          'invalid-parameter',
          `A name must have from 1 to ${LONGEST_NAME} characters; given: "${name}".`,
        );
      }
      await rewrite(id, { name: given });
    },
    async deleteRun(id) {
      if (current?.begun?.id === id) throw refused('It is being measured; cancel it first.');
      await mustRead(id);
      await archive.delete(id);
      change(({ headers, active, open: { [id]: _, ...open } }) => ({
        headers: headers.filter((header) => header.id !== id),
        active: active?.id === id ? null : active,
        open,
      }));
    },
    async exportRun(id) {
      return exportFiles(await mustRead(id), drawPlots);
    },
    async importRun(run) {
      await listed;
      // An imported run that was exported while it was measured is not measured any more.
      const status = run.status.kind === 'running' ? { kind: 'paused' as const } : run.status;
      const imported = { ...run, id: newId(run.id), status };
      await archive.keep(imported);
      show(imported);
      return imported;
    },
  };
}

/** On what a run is measured. @param given arguments of the command line */
export const environmentOf = (
  { adapter, model }: ServingInfo,
  facts: PageFacts,
  given: readonly string[] = [],
): RunEnvironment => ({
  adapter: { kind: adapter.kind, name: adapter.name, software: adapter.software },
  model: { name: model.name, sha256: model.sha256 },
  ...facts,
  arguments: given,
});

/** What could not be kept is in the page all the same. */
const unkept = (error: unknown) => {
  const { code, message } = toPlain(error, 'storage-failed');
  return new HeadwayError(
    code,
    `${message} The experiment goes on, and what is not kept can be exported until this page is closed.`,
  );
};

const refused = (message: string) => new HeadwayError('invalid-state', message);

const unitsOf = (run: ExperimentRun) => ({
  done: run.units.length,
  total: run.units.length + unitsLeft(run).length,
});

const idleAt = (run: ExperimentRun, status: ActiveExperiment['status']): ActiveExperiment => ({
  id: run.id,
  status,
  point: null,
  repeat: 0,
  units: unitsOf(run),
  requests: { done: 0, total: 0 },
  remainingMs: null,
});
