import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { simulatedPage } from '../../testing/simulated-page';
import type { ExperimentRun } from '../core/experiment';
import { beginRun } from '../experiments/experiment';
import { presetOf } from '../experiments/presets';
import { ExperimentRunner } from '../experiments/runner';
import { RunArchive } from './run-archive';

const environment = {
  adapter: { kind: 'simulated', name: 'Simulation', software: false },
  model: { name: 'mini-gpt', sha256: 'abc' },
  revision: 'r1',
  browser: 'Node',
  libraries: {},
  arguments: [],
} as const;

/** Really run, in virtual time. */
async function measured(id: string, now: string): Promise<ExperimentRun> {
  const experiment = presetOf('abandonment');
  const run = beginRun(experiment, environment, { id, now }, { repeats: 1, requests: 20 });
  const handles = { ...simulatedPage(), keep: async () => {}, onProgress: () => {} };
  return new ExperimentRunner(experiment, run, handles).go();
}

it('gives back what was kept, in the order of measurement, and lists it without units, newest first', async () => {
  const archive = new RunArchive('kept');
  const older = await measured('a', '2026-01-01T00:00:00.000Z');
  const newer = await measured('b', '2026-01-02T00:00:00.000Z');
  await archive.keep(older);
  await archive.keep(newer);
  expect(await archive.read('a')).toEqual(older);
  expect(await new RunArchive('kept').read('b')).toEqual(newer);
  const list = await archive.list();
  expect(list.map(({ id, units, points }) => [id, units, points])).toEqual([
    ['b', 8, 8],
    ['a', 8, 8],
  ]);
  expect(list[0]).not.toHaveProperty('records');
});

it('grows by the units that are new, and takes a new header', async () => {
  const archive = new RunArchive('growing');
  const run = await measured('a', '2026-01-01T00:00:00.000Z');
  for (let count = 0; count <= run.units.length; count++) {
    const status = { kind: count < 8 ? 'running' : 'finished' } as const;
    const grown = { ...run, status, units: run.units.slice(0, count) };
    await archive.keep(grown, Math.max(0, count - 1));
    expect(await archive.read('a')).toEqual(grown);
  }
  await archive.keep({ ...run, name: 'Mine' }, run.units.length);
  expect(await archive.read('a')).toEqual({ ...run, name: 'Mine' });
});

it('forgets what was deleted, and no other', async () => {
  const archive = new RunArchive('deleting');
  const run = await measured('a', '2026-01-01T00:00:00.000Z');
  await archive.keep(run);
  await archive.keep({ ...run, id: 'a-2' });
  await archive.delete('a');
  expect(await archive.read('a')).toBeNull();
  expect((await archive.read('a-2'))?.units).toEqual(run.units);
  await archive.keep({ ...run, units: [] });
  expect((await archive.read('a'))?.units).toEqual([]);
});

it('says in a sentence what the browser’s storage refused', async () => {
  const archive = new RunArchive('refusing');
  const run = await measured('a', '2026-01-01T00:00:00.000Z');
  // A function cannot be stored, which the database says by throwing.
  const broken = { ...run, name: (() => {}) as unknown as string };
  await expect(archive.keep(broken)).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringMatching(/^The browser's storage could not be used: .*\.$/),
  });
  expect(await archive.read('a')).toBeNull();
});

it('keeps runs in memory where the browser refuses its database, even by throwing at once, and says so once', async () => {
  const { indexedDB } = globalThis;
  const refusals: unknown[] = [];
  try {
    Object.assign(globalThis, {
      indexedDB: {
        open: () => {
          throw new DOMException('The user denied permission to access the database.', 'SecurityError');
        },
      },
    });
    const archive = new RunArchive('refused', (error) => refusals.push(error));
    const run = await measured('a', '2026-01-01T00:00:00.000Z');
    await archive.keep(run);
    expect(await archive.read('a')).toEqual(run);
    expect((await archive.list()).map(({ id, units }) => [id, units])).toEqual([['a', 8]]);
    await archive.delete('a');
    expect(await archive.read('a')).toBeNull();
  } finally {
    Object.assign(globalThis, { indexedDB });
  }
  expect(refusals).toHaveLength(1);
});
