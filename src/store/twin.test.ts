import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { MemorySession } from '../../testing/memory-session';
import { BLANK_CALIBRATION, type Calibration } from '../core/calibration';
import type { TwinCurve } from '../core/twin-control';
import { TWIN } from '../simulator/twin-answers';
import { createActions } from './actions';
import { createAppStore, servedModel } from './app-state';
import { RunArchive } from './run-archive';
import { START_SETTINGS } from './settings';
import { createTwin } from './twin';

let archives = 0;
/** Simulations take their time where others use the machine. */
const PATIENCE = { timeout: 60_000 };

/** A page whose twin is answered in this thread. @param live what its machine's steps come to */
async function page(live: () => Calibration | null, kept: string | null = null, shipped = '') {
  const store = createAppStore({
    ...START_SETTINGS,
    load: { ...START_SETTINGS.load, arrival: 'closed', concurrency: 4 },
  });
  const actions = createActions({
    store,
    open: (listeners) => new MemorySession(listeners),
    facts: { revision: 'r1', browser: 'Node', libraries: {} },
    archive: new RunArchive(`twin ${archives++}`),
    drawPlots: async () => [],
    alone: (use) => use(),
    look: async () => {},
    now: () => 0,
    base: 'http://localhost/',
    autostart: false,
  });
  await actions.loadModel({});
  let text = kept;
  const curves = vi.fn(async (question: Parameters<typeof TWIN.curves>[0]) => TWIN.curves(question));
  const twin = createTwin({
    store,
    actions: { ...actions, calibration: async () => live() },
    answers: {
      curves,
      point: async (question) => TWIN.point(question),
      replicas: async (question) => TWIN.replicas(question),
      race: async (question) => TWIN.race(question),
    },
    shelf: {
      read: () => text,
      write: (next) => {
        text = next;
      },
    },
    shipped: async () => shipped,
  });
  return { store, actions, twin, curves, shelf: () => text };
}

function calibrationOf(store: ReturnType<typeof createAppStore>, steps: number): Calibration {
  const info = servedModel(store.getState().model);
  if (!info) throw new Error('No model is served.');
  return {
    ...BLANK_CALIBRATION,
    adapter: info.adapter,
    model: { name: info.model.name, sha256: info.model.sha256 },
    fitted_at: `${steps}`,
    steps,
    terms: { ...BLANK_CALIBRATION.terms, decode_ms: [[1, 2]], prefill_ms: 1 },
    prompts: [[5, 6]],
  };
}

test('the curves of all policies lie over the chart, and follow the settings', async () => {
  let live: Calibration | null = null;
  const { store, actions, twin, curves, shelf } = await page(() => live);
  await twin.look();
  expect(store.getState().overlays).toEqual([]);
  live = calibrationOf(store, 50);
  await twin.look();
  const [overlay] = store.getState().overlays;
  expect(overlay?.curves.map(({ policy, kind }) => [policy, kind])).toEqual([
    ['sequential', 'predicted'],
    ['static', 'predicted'],
    ['continuous', 'predicted'],
  ]);
  expect(twin.store.getState()).toMatchObject({ source: 'live', present: { amount: 4 } });
  expect(JSON.parse(shelf() ?? '')).toMatchObject({ steps: 50 });
  await twin.look();
  expect(curves).toHaveBeenCalledTimes(1);
  await actions.configure({ load: { concurrency: 6 } });
  await vi.waitFor(() => expect(twin.store.getState().present?.amount).toBe(6), PATIENCE);
});

test('steps are fitted again when there are a good many more', async () => {
  let live: Calibration | null = null;
  const { store, twin } = await page(() => live);
  live = calibrationOf(store, 100);
  await twin.look();
  live = calibrationOf(store, 110);
  await twin.look();
  expect(twin.store.getState().calibration?.steps).toBe(100);
  live = calibrationOf(store, 130);
  await twin.look();
  expect(twin.store.getState().calibration?.steps).toBe(130);
});

test('before the first steps, what was kept of this machine, else what comes with the page for this model', async () => {
  const { store } = await page(() => null);
  const known = JSON.stringify(calibrationOf(store, 70));
  const kept = await page(() => null, known);
  await kept.twin.look();
  expect(kept.twin.store.getState()).toMatchObject({ source: 'kept', calibration: { steps: 70 } });
  const shipped = await page(() => null, null, known);
  await shipped.twin.look();
  expect(shipped.twin.store.getState()).toMatchObject({ source: 'shipped' });
  const other = await page(
    () => null,
    '{"broken"',
    JSON.stringify({ ...JSON.parse(known), model: { name: 'x', sha256: 'y' } }),
  );
  await other.twin.look();
  expect(other.twin.store.getState().calibration).toBeNull();
});

test('curves that were taken away stay away until they are asked for', async () => {
  let live: Calibration | null = null;
  const { store, actions, twin } = await page(() => live);
  live = calibrationOf(store, 50);
  await twin.look();
  actions.removeOverlay('twin');
  expect(twin.store.getState().shown).toBe(false);
  await actions.configure({ load: { concurrency: 7 } });
  await twin.look();
  expect(store.getState().overlays).toEqual([]);
  twin.show(true);
  await vi.waitFor(() => expect(store.getState().overlays).toHaveLength(1), PATIENCE);
});

test('a question is about the settings in force, with what is changed', async () => {
  let live: Calibration | null = null;
  const { store, twin } = await page(() => live);
  expect(twin.question()).toBeNull();
  live = calibrationOf(store, 50);
  await twin.look();
  const curve: readonly TwinCurve[] = TWIN.curves(twin.question({ speed: 2 }) ?? raise());
  expect(curve).toHaveLength(3);
  expect(twin.question({ replicas: 3 })).toMatchObject({ replicas: 3, speed: 1, load: { concurrency: 4 } });
});

function raise(): never {
  throw new Error('There is no question.');
}
