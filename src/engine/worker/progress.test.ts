import { expect, test } from 'vitest';
import { decodeRows, promptRow } from '../../core/backend';
import type { LoadProgress } from '../../core/engine';
import { SimulatedBackend } from '../../simulator/simulated-backend';
import { VirtualClock } from '../../simulator/virtual-clock';
import { announcePasses, PacedProgress } from './progress';

function open(afterPass: () => void = () => {}) {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const said: number[] = [];
  const backend = new SimulatedBackend({
    clock,
    cost: { passMs: 0, prefillTokenMs: 10, decodeRowMs: 30 },
    afterPass: ({ tokens }) => {
      afterPass();
      return tokens;
    },
  });
  const announced = announcePasses(backend, clock, (ms) => said.push(ms));
  const prefill = (slot: number, length: number) =>
    announced.step([promptRow(slot, new Array<number>(length).fill(7))]);
  return { clock, said, announced, prefill };
}

test('nothing is known of the first pass; the next takes as long, or longer in proportion to its positions', async () => {
  const { clock, said, announced, prefill } = open();
  void prefill(0, 6);
  await clock.run();
  void prefill(1, 60);
  await clock.run();
  void announced.step(decodeRows([0, 1]));
  await clock.run();
  void announced.step(decodeRows([0]));
  await clock.run();
  expect(said).toEqual([0, 600, 600, 60]);
});

test('says it before the pass, and the answer is the backend’s own', async () => {
  const { clock, said, announced } = open();
  const tokens = announced.step([promptRow(3, [9, 2])]);
  expect(said).toEqual([0]);
  await clock.run();
  const plain = new SimulatedBackend({ clock, cost: { passMs: 0, prefillTokenMs: 0, decodeRowMs: 0 } });
  const expected = plain.step([promptRow(3, [9, 2])]);
  await clock.run();
  expect(await tokens).toEqual(await expected);
});

test('a pass that fails says nothing of the next', async () => {
  let fails = false;
  const { clock, said, prefill } = open(() => {
    if (fails) throw new Error('It broke.');
  });
  void prefill(0, 6);
  await clock.run();
  fails = true;
  const broken = expect(prefill(1, 600)).rejects.toThrow('It broke.');
  await clock.run();
  await broken;
  fails = false;
  void prefill(2, 6);
  await clock.run();
  expect(said).toEqual([0, 6000, 60]);
});

function paced() {
  const told: LoadProgress[] = [];
  let at = 0;
  const paced = new PacedProgress(
    (progress) => told.push(progress),
    () => at,
  );
  const say = (atMs: number, loadedBytes: number, trouble?: string) => {
    at = atMs;
    paced.see({ stage: 'download', loadedBytes, totalBytes: 10_000, ...(trouble ? { trouble } : {}) });
    return told.at(-1);
  };
  const wait = (atMs: number) => {
    at = atMs;
    paced.tell();
    return told.at(-1);
  };
  return { told, say, wait };
}

test('tells twenty times a second at most, and the last of it always', () => {
  const { told, say } = paced();
  for (let ms = 0; ms <= 1000; ms++) say(ms, ms);
  expect(told.length).toBe(21);
  expect(say(1001, 10_000)?.loadedBytes).toBe(10_000);
});

test('the rate is that of the last five seconds, and leaves out what was there before', () => {
  const { say } = paced();
  expect(say(0, 5000)?.bytesPerS).toBeNull();
  expect(say(400, 5100)?.bytesPerS).toBeNull();
  expect(say(1000, 5500)?.bytesPerS).toBe(500);
  expect(say(5900, 5500)?.bytesPerS).toBe(0);
});

test('a download that begins again begins its rate again, and trouble is told at once', () => {
  const { say } = paced();
  say(0, 4000);
  say(1000, 6000);
  expect(say(1010, 6000, 'It broke.')).toMatchObject({ trouble: 'It broke.', loadedBytes: 6000 });
  expect(say(1100, 0)).toMatchObject({ bytesPerS: null, trouble: null });
  expect(say(2100, 1000)?.bytesPerS).toBe(1000);
});

test('while nothing comes the last of it is told, and the rate falls to nothing', () => {
  const { say, wait } = paced();
  say(0, 0);
  say(1000, 1000);
  say(1010, 1100);
  expect(wait(2000)).toMatchObject({ loadedBytes: 1100, bytesPerS: 550 });
  for (let ms = 2500; ms < 8000; ms += 500) wait(ms);
  expect(wait(8000)).toMatchObject({ loadedBytes: 1100, bytesPerS: 0 });
});
