import { expect, test } from 'vitest';
import type { ServerMessage } from '../../core/engine';
import { HeadwayError } from '../../core/errors';
import type { ServingEvent } from '../../core/events';
import { systemClock } from '../../core/system-clock';
import { SimulatedBackend } from '../../simulator/simulated-backend';
import { ServingEngine } from './serving-engine';

const COST = { passMs: 0, prefillTokenMs: 0, decodeRowMs: 0 };
const CHOICE = { name: 'first', url: 'first/', backend: 'auto' } as const;

/** An engine whose backends hold eight slots, and all events that a client connected to it has received. */
function open() {
  const backends: SimulatedBackend[] = [];
  const disposed: SimulatedBackend[] = [];
  const events: ServingEvent[] = [];
  const gates: Promise<void>[] = [];
  const engine = new ServingEngine(async ({ url }) => {
    await gates.shift();
    if (url === 'broken/') throw new HeadwayError('model-file-missing', 'config.json is missing.');
    const backend = new SimulatedBackend({ clock: systemClock, cost: COST, most: 8 });
    const dispose = backend.dispose.bind(backend);
    backend.dispose = () => {
      disposed.push(backend);
      return dispose();
    };
    backends.push(backend);
    return { backend, note: null, sha256: 'ab', bytes: 1 };
  });
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }: MessageEvent<ServerMessage>) => events.push(...data.events);
  engine.connect(port1);
  const submit = (id: number, length: number) => {
    const request = { id, prompt: [1, length], maxNewTokens: length, ignoreEos: true, sequences: 1 };
    port2.postMessage({ type: 'submit', requests: [{ ...request, priority: 0, sampling: null }] });
  };
  const settled = () => events.flatMap((event) => (event.type === 'settled' ? [event] : []));
  return { engine, backends, disposed, gates, events, submit, settled, close: () => port2.close() };
}

test('a model loaded while another is served drains that one first, and frees its memory', async () => {
  const { engine, backends, disposed, events, submit, settled, close } = open();
  await engine.load(CHOICE, () => {});
  submit(1, 30);
  await expect.poll(() => events.some(({ type }) => type === 'enqueued')).toBe(true);
  const info = await engine.load({ ...CHOICE, name: 'second' }, () => {});
  expect(info.model.name).toBe('second');
  expect(disposed).toEqual([backends[0]]);
  submit(2, 3);
  await expect.poll(() => settled().map(({ id }) => id)).toEqual([1, 2]);
  expect(settled().map(({ settlement }) => settlement.outcome)).toEqual(['completed', 'completed']);
  close();
});

test('a second load during a load is refused, and the first goes on', async () => {
  const { engine, gates, close } = open();
  let release = () => {};
  gates.push(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  const first = engine.load(CHOICE, () => {});
  await expect(engine.load(CHOICE, () => {})).rejects.toMatchObject({ code: 'invalid-state' });
  release();
  expect((await first).model.name).toBe('first');
  close();
});

test('a load that fails leaves the engine ready for another, and its settings as they were asked for', async () => {
  const { engine, close } = open();
  const failing = engine.load({ ...CHOICE, url: 'broken/' }, () => {});
  const configured = engine.configure({ maxBatch: 3 });
  await expect(failing).rejects.toThrow('config.json');
  expect(await configured).toMatchObject({ maxBatch: 3 });
  expect((await engine.load(CHOICE, () => {})).adapter.kind).toBe('simulated');
  close();
});

test('a setting that does not fit is refused whenever it comes, and the one in force stays', async () => {
  const { engine, close } = open();
  const loading = engine.load(CHOICE, () => {});
  await expect(engine.configure({ maxBatch: 9, maxQueue: 2 })).rejects.toMatchObject({
    code: 'cache-too-large',
  });
  await loading;
  await expect(engine.configure({ maxBatch: 64 })).rejects.toMatchObject({ code: 'cache-too-large' });
  expect(await engine.configure({ maxBatch: 2 })).toMatchObject({ maxBatch: 2, maxQueue: 1024 });
  close();
});

test('a client hears the configuration in force when it connects, and again with each change', async () => {
  const { engine, events, close } = open();
  await engine.configure({ maxBatch: 5 });
  await engine.load(CHOICE, () => {});
  await engine.configure({ maxBatch: 6 });
  await expect(engine.configure({ maxBatch: 9 })).rejects.toMatchObject({ code: 'cache-too-large' });
  const told = () => events.flatMap((event) => (event.type === 'configured' ? [event.config.maxBatch] : []));
  await expect.poll(told).toEqual([8, 5, 6]);
  close();
});
