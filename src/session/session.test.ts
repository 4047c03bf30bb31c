import { afterEach, describe, expect, test } from 'vitest';
import { FakeWorkers } from '../../testing/fake-workers';
import type { ServingInfo } from '../core/engine';
import type { PlainError } from '../core/errors';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { Session } from './session';

const CHOICE = { name: 'tiny', url: 'synthetic:layers=2,hidden=256,heads=8', backend: 'auto' } as const;
const opened: Session[] = [];
afterEach(() => {
  for (const session of opened.splice(0)) session.close();
});

/** A session over fake workers in whose model eight slots fit, and what it has told by itself. */
function open({ most = 8 } = {}) {
  const workers = new FakeWorkers({ most });
  const told: string[] = [];
  let replaced: (info: ServingInfo) => void = () => {};
  const nextReplacement = () =>
    new Promise<ServingInfo>((resolve) => {
      replaced = resolve;
    });
  const session = new Session(
    {
      onUpdate: () => {},
      onReplacing: ({ message }: PlainError) => told.push(message),
      onReplaced: (info) => replaced(info),
      onLost: ({ message }: PlainError) => told.push(`lost: ${message}`),
    },
    workers,
  );
  opened.push(session);
  return { session, workers, told, nextReplacement, load: () => session.loadModel(CHOICE, () => {}) };
}

/** Holds every load until it is called. */
function hold(workers: FakeWorkers): () => void {
  let release = () => {};
  workers.gate = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

describe('a setting', () => {
  test('without a model is accepted, and the next model is given room for it', async () => {
    const { session, workers, load } = open();
    expect(await session.configure({ maxBatch: 4 })).toMatchObject({ maxBatch: 4, maxQueue: 1024 });
    await load();
    expect(workers.opened).toEqual([4]);
  });

  test('that the worker refuses rejects with its words and is in force nowhere', async () => {
    const { session, load } = open();
    await load();
    await expect(session.configure({ maxBatch: 64, maxQueue: 5 })).rejects.toMatchObject({
      code: 'cache-too-large',
      message: '64 slots were asked for; 8 fit.',
    });
    expect(await session.configure({ maxWaitMs: 3 })).toMatchObject({
      maxBatch: 8,
      maxQueue: 1024,
      maxWaitMs: 3,
    });
  });

  test('that was refused is not handed to the worker that replaces a crashed one', async () => {
    const { session, workers, told, nextReplacement, load } = open();
    await load();
    await session.configure({ maxBatch: 2 });
    await expect(session.configure({ maxBatch: 64 })).rejects.toThrow('8 fit');
    const replaced = nextReplacement();
    workers.started[0]?.crash('boom');
    expect((await replaced).model.name).toBe('tiny');
    expect(told).toEqual(['The serving worker crashed: boom.']);
    expect(workers.opened).toEqual([8, 2]);
    expect(await session.configure({})).toMatchObject({ maxBatch: 2 });
  });

  test('that is refused while a model loads leaves the model loaded', async () => {
    const { session, workers, load } = open();
    const release = hold(workers);
    const loading = load();
    await expect.poll(() => workers.opened).toEqual([8]);
    const refused = expect(session.configure({ maxBatch: 64 })).rejects.toThrow('8 fit');
    const accepted = session.configure({ maxBatch: 3 });
    release();
    expect((await loading).model.name).toBe('tiny');
    await refused;
    expect(await accepted).toMatchObject({ maxBatch: 3 });
  });

  test('that waits for a load which is cancelled is in force for the next model', async () => {
    const { session, workers, load } = open();
    hold(workers);
    const loading = load();
    await expect.poll(() => workers.opened).toEqual([8]);
    const accepted = session.configure({ maxBatch: 3 });
    session.cancelLoad();
    await expect(loading).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(await accepted).toMatchObject({ maxBatch: 3 });
    workers.gate = Promise.resolve();
    await load();
    expect(workers.opened).toEqual([8, 3]);
  });

  test('that was not answered before the worker crashed rejects and is in force nowhere', async () => {
    const { session, workers, nextReplacement, load } = open();
    await load();
    const replaced = nextReplacement();
    const asked = session.configure({ maxBatch: 5 });
    await Promise.resolve();
    await Promise.resolve();
    workers.started[0]?.crash('boom');
    await expect(asked).rejects.toThrow('boom');
    await replaced;
    expect(await session.configure({})).toMatchObject({ maxBatch: 8 });
  });

  test('changed while a crashed worker is replaced is answered by the new one', async () => {
    const { session, workers, nextReplacement, load } = open();
    await load();
    const release = hold(workers);
    const replaced = nextReplacement();
    workers.started[0]?.crash('boom');
    const refused = expect(session.configure({ maxBatch: 64 })).rejects.toThrow('8 fit');
    const accepted = session.configure({ maxBatch: 6 });
    release();
    await replaced;
    await refused;
    expect(await accepted).toMatchObject({ maxBatch: 6 });
    expect(workers.opened).toEqual([8, 8]);
  });

  test('beside changes that are under way keeps their order', async () => {
    const { session, load } = open();
    await load();
    const answers = await Promise.allSettled([
      session.configure({ maxBatch: 2 }),
      session.configure({ maxBatch: 64 }),
      session.configure({ maxQueue: 7 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await session.configure({})).toMatchObject({ maxBatch: 2, maxQueue: 7 });
  });
});

describe('loading', () => {
  test('fails with what does not fit, and another configuration loads', async () => {
    const { session, load } = open();
    await session.configure({ maxBatch: 9 });
    await expect(load()).rejects.toMatchObject({ code: 'cache-too-large' });
    await session.configure({ maxBatch: 8 });
    expect((await load()).model.name).toBe('tiny');
  });

  test('replaces a worker at most three times within a minute, and then says that the model is lost', async () => {
    const { session, workers, told, nextReplacement, load } = open();
    await load();
    for (let time = 0; time < 3; time++) {
      const replaced = nextReplacement();
      workers.started.at(-1)?.crash('boom');
      await replaced;
    }
    workers.started.at(-1)?.crash('boom');
    await expect.poll(() => told.at(-1)).toMatch(/^lost: .*fourth failure within a minute/);
    await expect(session.traffic.start(DEFAULT_LOAD_CONFIG)).rejects.toMatchObject({
      code: 'invalid-state',
    });
  });
});
