import { expect, test } from 'vitest';
import type { StepEvent } from '../../core/events';
import { type SlotNews, unpackSpans } from '../../core/slots';
import { SlotWatch } from './slot-watch';

const NONE = { queued: 0, sealed: 0, running: 0 };

/** A decode pass of one request from `at − 5` on. */
const step = (id: number, at: number): StepEvent => ({
  type: 'step',
  phase: 'decode',
  startedAt: at - 5,
  at,
  rows: 1,
  useful: 1,
  gone: 0,
  slots: [0],
  members: [id],
  wasted: [],
  answers: true,
  ids: [id],
  tokens: [7],
  sequences: [0],
});

test('a listener is told what happens while it listens, and no one is told otherwise', () => {
  const watch = new SlotWatch();
  const first: SlotNews[] = [];
  const second: SlotNews[] = [];
  watch.fold(step(1, 10), NONE);
  watch.tell(11);
  watch.watch((news) => first.push(news));
  watch.fold(step(2, 20), NONE);
  watch.tell(21);
  watch.watch((news) => second.push(news));
  watch.fold(step(3, 30), NONE);
  watch.tell(31);
  watch.watch(null);
  watch.fold(step(4, 40), NONE);
  watch.tell(41);
  const heard = (all: readonly SlotNews[]) => all.flatMap(unpackSpans).map(({ request }) => request);
  expect([heard(first), heard(second)]).toEqual([[2], [3]]);
});

test('one who is still busy with the last is told later, and then of everything', async () => {
  const watch = new SlotWatch();
  const heard: SlotNews[] = [];
  let free = () => {};
  watch.watch((news) => {
    heard.push(news);
    return new Promise<void>((resolve) => {
      free = resolve;
    });
  });
  watch.tell(5);
  for (const id of [1, 2, 3]) {
    watch.fold(step(id, 10 * id), NONE);
    watch.tell(10 * id);
  }
  expect(heard).toHaveLength(1);
  free();
  await Promise.resolve();
  watch.tell(50);
  expect(heard.at(-1)?.at).toBe(50);
  expect(heard.flatMap(unpackSpans)).toHaveLength(3);
});
