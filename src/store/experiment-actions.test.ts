import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { MemorySession } from '../../testing/memory-session';
import { simulatedPage } from '../../testing/simulated-page';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import type { Experiment } from '../experiments/experiment';
import { combinations, plannedPoint } from '../experiments/experiment';
import type { SessionListeners } from '../session/session';
import { createActions } from './actions';
import { createAppStore } from './app-state';
import { createAutomation } from './automation';
import { RunArchive } from './run-archive';
import { START_SETTINGS } from './settings';
import type { Alone } from './tabs';

const experiment: Experiment = {
  name: 'grid',
  title: 'Batches',
  says: 'Sizes of static batches.',
  minutes: null,
  seed: 3,
  repeats: 2,
  axes: ['maxBatch'],
  points: combinations({ maxBatch: [2, 4] }).map((changes) =>
    plannedPoint({ base: { policy: 'static', concurrency: 8, outputTokens: 8 }, requests: 20 }, changes),
  ),
};

/** A session that measures in virtual time on the simulator. */
class MeasuringSession extends MemorySession {
  readonly page = simulatedPage();

  override configure(changes: Partial<ServingConfig>) {
    return this.page.configure({ ...DEFAULT_SERVING_CONFIG, ...changes });
  }

  constructor(listeners: SessionListeners) {
    super(listeners);
    const { measure, abort } = this.page;
    this.traffic = {
      ...this.traffic,
      measure: (run, onProgress = () => {}) => measure(run, onProgress),
      abortMeasure: abort,
    };
  }
}

/** As the browser's own lock, which is free again some time after its use. */
function aloneHere(): Alone {
  let held = false;
  return async (use) => {
    if (held) throw new Error('Another tab is measuring.');
    held = true;
    try {
      return await use();
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 5));
      held = false;
    }
  };
}

let databases = 0;
const newDatabase = () => `experiments ${databases++}`;

/** A page over a database; another one over the same is the page after a reload. */
async function open(database = newDatabase(), revision = 'r1') {
  const store = createAppStore(START_SETTINGS);
  const archive = new RunArchive(database);
  let session: MeasuringSession | undefined;
  const actions = createActions({
    store,
    open: (listeners: SessionListeners) => {
      session = new MeasuringSession(listeners);
      return session;
    },
    facts: { revision, browser: 'Node', libraries: { comlink: '4.4.2' } },
    archive,
    drawPlots: async () => [{ name: 'p95_vs_batch.png', title: 'p95', png: Uint8Array.of(1, 2, 255) }],
    alone: aloneHere(),
    look: async () => {},
    now: () => 0,
    base: 'http://localhost/',
    autostart: true,
  });
  if (!session) throw new Error('The session was not opened.');
  await actions.loadModel({});
  // The page's own list was asked for before, so it is there by now.
  await archive.list();
  const experiments = () => store.getState().experiments;
  return { store, actions, session, database, experiments, automation: createAutomation(store, actions) };
}

type Page = Awaited<ReturnType<typeof open>>;

/** Calls back once, when so many units are measured. */
function whenMeasured({ store }: Page, count: number, then: () => void) {
  const stop = store.subscribe(({ experiments: { active } }) => {
    if (active?.units.done !== count) return;
    stop();
    then();
  });
}

describe('an experiment on the page', () => {
  it('is measured, shown while it grows, and kept; settings and load are put back', async () => {
    const page = await open();
    const seen: number[] = [];
    page.store.subscribe(({ experiments: { active, open: runs } }) => {
      if (active) seen.push(runs[active.id]?.units.length ?? -1);
    });
    const run = await page.actions.startExperiment(experiment, { arguments: ['sweep'] });
    expect(run.status).toEqual({ kind: 'finished' });
    expect([...new Set(seen)]).toEqual([0, 1, 2, 3, 4]);
    expect(run.environment).toMatchObject({
      adapter: { kind: 'wasm' },
      model: { name: 'mini-gpt', sha256: 'ab' },
      revision: 'r1',
      arguments: ['sweep'],
    });
    expect(page.experiments().active).toBeNull();
    expect(page.experiments().headers).toMatchObject([
      { id: run.id, units: 4, points: 2, status: run.status },
    ]);
    expect(page.store.getState().settings).toEqual(START_SETTINGS);
    expect(page.session.load).toEqual(START_SETTINGS.load);
    const again = await open(page.database);
    expect(await again.actions.openRun(run.id)).toEqual(run);
  });

  it('is one at a time from when it is asked for, and the next may begin once it is no longer shown', async () => {
    const page = await open();
    const { actions } = page;
    const first = actions.startExperiment(experiment);
    await expect(actions.startExperiment(experiment)).rejects.toThrow('An experiment is under way');
    await new Promise<void>((resolve) => whenMeasured(page, 1, resolve));
    const gone = new Promise<void>((resolve) => {
      const stop = page.store.subscribe(({ experiments: { active } }) => {
        if (active) return;
        stop();
        resolve();
      });
    });
    await Promise.all([actions.cancelExperiment(), gone]);
    await expect(first).resolves.toMatchObject({ status: { kind: 'cancelled' } });
    await expect(actions.startExperiment(experiment)).resolves.toMatchObject({
      status: { kind: 'finished' },
    });
  });

  it('of more than an hour is refused with what would fit, until its length is confirmed', async () => {
    const page = await open();
    const points = experiment.points.map((point) => ({ ...point, requests: 1_000_000 }));
    const long = { ...experiment, points };
    await expect(page.actions.startExperiment(long)).rejects.toThrow(
      /^"Batches" takes about \d+ (min|h) with this model on this machine; at most an hour .*--requests 200/,
    );
    expect(page.experiments()).toMatchObject({ headers: [], active: null });
    const confirmed = page.actions.startExperiment(long, { long: true, requests: 20 });
    await expect(confirmed).resolves.toMatchObject({ status: { kind: 'finished' } });
    expect(page.experiments().pace?.decodeMs[0]).toEqual([1, expect.closeTo(2.25, 1)]);
    await page.actions.loadModel({});
    expect(page.experiments().pace).toBeNull();
  });

  it('refuses a second one, and other settings, while it is under way', async () => {
    const page = await open();
    const { actions } = page;
    const begun = new Promise<void>((resolve) => whenMeasured(page, 0, resolve));
    const first = actions.startExperiment(experiment);
    await begun;
    await expect(actions.startExperiment('lab-03')).rejects.toThrow(/lab-02, .*given: "lab-03"/);
    await expect(actions.configureServing({ maxBatch: 2 })).rejects.toThrow('A measurement is running');
    await expect(actions.startExperiment(experiment)).rejects.toMatchObject({ code: 'invalid-state' });
    await first;
  });

  it('pauses and resumes', async () => {
    const page = await open();
    whenMeasured(page, 1, () => void page.actions.pauseExperiment());
    const paused = await page.actions.startExperiment(experiment);
    expect(paused.status).toEqual({ kind: 'paused' });
    expect(page.experiments().active).toMatchObject({
      id: paused.id,
      status: 'paused',
      units: { done: 2, total: 4 },
    });
    expect(page.session.load).toEqual(START_SETTINGS.load);
    const finished = await page.actions.resumeExperiment(paused.id);
    expect(finished.status).toEqual({ kind: 'finished' });
    expect(finished.units.slice(0, 2)).toEqual(paused.units);
    expect(finished.units).toHaveLength(4);
    await expect(page.actions.resumeExperiment(finished.id)).rejects.toThrow('has finished');
  });

  it('is cancelled with what it has, also while it is paused', async () => {
    const page = await open();
    whenMeasured(page, 2, () => void page.actions.cancelExperiment());
    const cancelled = await page.actions.startExperiment(experiment);
    expect(cancelled.status).toEqual({ kind: 'cancelled' });
    expect(cancelled.units).toHaveLength(2);
    expect(page.experiments().active).toBeNull();

    whenMeasured(page, 0, () => void page.actions.pauseExperiment());
    const { id } = await page.actions.startExperiment(experiment);
    await page.actions.cancelExperiment();
    expect(page.experiments().active).toBeNull();
    expect((await (await open(page.database)).actions.openRun(id)).status).toEqual({ kind: 'cancelled' });
  });
});

describe('after a reload', () => {
  /** A page that was closed after two units. */
  async function closed() {
    const page = await open();
    const id = await new Promise<string>((resolve) => {
      whenMeasured(page, 2, () => resolve(page.experiments().active?.id ?? ''));
      // Its next unit never begins: this page is gone.
      void page.actions.startExperiment(experiment);
      const configure = page.session.configure.bind(page.session);
      page.session.configure = (config) =>
        page.experiments().active?.units.done === 2 ? new Promise(() => {}) : configure(config);
    });
    return { database: page.database, id };
  }

  it('goes on where it was', async () => {
    const { database, id } = await closed();
    const page = await open(database);
    expect(page.experiments().headers).toMatchObject([{ id, units: 2, status: { kind: 'paused' } }]);
    const before = (await page.actions.openRun(id)).units;
    const run = await page.actions.resumeExperiment(id);
    expect(run.status).toEqual({ kind: 'finished' });
    expect(run.units.slice(0, 2)).toEqual(before);
    expect(run.units).toHaveLength(4);
    expect(await (await open(database)).actions.openRun(id)).toEqual(run);
  });

  it('refuses to go on on something else, and names the difference', async () => {
    const { database, id } = await closed();
    const other = await open(database, 'r2');
    await expect(other.actions.resumeExperiment(id)).rejects.toMatchObject({
      code: 'invalid-state',
      message: expect.stringMatching(
        /^"Batches" cannot go on, .*: the code was revision r1 and is revision r2\. Put back/,
      ),
    });
    const page = await open(database);
    await page.actions.loadModel({ backend: 'webgpu' });
    await expect(page.actions.resumeExperiment(id)).rejects.toThrow(
      'the adapter was wasm: wasm and is webgpu: webgpu',
    );
    expect((await page.actions.openRun(id)).units).toHaveLength(2);
  });
});

describe('kept experiments', () => {
  it('that were exported while they were measured can be resumed where they are read back', async () => {
    const { actions } = await open();
    const run = await actions.startExperiment(experiment);
    const imported = await actions.importRun({ ...run, status: { kind: 'running' } });
    expect(imported.status).toEqual({ kind: 'paused' });
  });

  it('are renamed, imported beside the one of the same id, and deleted', async () => {
    const page = await open();
    const { actions, experiments } = page;
    const run = await actions.startExperiment(experiment);
    await actions.renameRun(run.id, '  On the train ');
    await expect(actions.renameRun(run.id, ' ')).rejects.toThrow('from 1 to 120 characters; given: " "');
    const copy = await actions.importRun(run);
    expect(copy.id).not.toBe(run.id);
    const reloaded = await open(page.database);
    expect(
      reloaded
        .experiments()
        .headers.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['Batches', 'On the train']);
    await actions.deleteRun(run.id);
    expect(experiments().headers.map(({ id }) => id)).toEqual([copy.id]);
    expect(experiments().open[run.id]).toBeUndefined();
    await expect(actions.openRun(run.id)).rejects.toThrow(
      new RegExp(`no kept experiment "${run.id}"; there are ${copy.id}`),
    );
  });

  it('by program: run with progress, listed, and exported with texts and pictures', async () => {
    const { automation } = await open();
    const progress: string[] = [];
    const grid = { requests: 20, repeats: 1, base: { policy: 'static' }, grid: { maxBatch: [1, 2] } };
    const kept = await automation.runSweep(grid, ({ point, units }) =>
      progress.push(`${units.done}/${units.total} ${point}`),
    );
    expect(kept).toMatchObject({ status: { kind: 'finished' }, points: 2, units: 2 });
    for (const part of ['0/2 max batch ', '1/2 max batch ']) {
      expect(progress.some((line) => line.startsWith(part))).toBe(true);
    }
    expect(automation.runs()).toEqual([kept]);
    const files = await automation.exportRun(kept.id);
    expect(files.map(({ name }) => name)).toContain('batch_sweep.csv');
    expect(files.find(({ name }) => name.endsWith('.png'))).toEqual({
      name: 'p95_vs_batch.png',
      base64: 'AQL/',
    });
    await expect(automation.runSweep({ grid: { maxBatch: [0] } })).rejects.toThrow(
      'The grid, grid.maxBatch[0]',
    );
  });
});
