import { expect, test } from 'vitest';
import { decodeRows, promptRow } from '../../core/backend';
import { SimulatedBackend } from '../../simulator/simulated-backend';
import { VirtualClock } from '../../simulator/virtual-clock';
import { announcePasses } from './announce-passes';

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
