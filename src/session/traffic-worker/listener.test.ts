import { expect, test } from 'vitest';
import { Listener } from './listener';

test('a slow one is told the newest when it is free again, and nothing in between is made', async () => {
  const heard: number[] = [];
  let free = () => {};
  const listener = new Listener<number>((news) => {
    heard.push(news);
    return new Promise<void>((resolve) => {
      free = resolve;
    });
  });
  let made = 0;
  const news = () => ++made;
  listener.tell(news);
  listener.tell(news);
  expect([heard, made]).toEqual([[1], 1]);
  free();
  await Promise.resolve();
  listener.tell(news);
  expect(heard).toEqual([1, 2]);
});

test('one that fails is told the next all the same', async () => {
  let told = 0;
  const listener = new Listener<null>(() => {
    told += 1;
    return Promise.reject(new Error('not now'));
  });
  listener.tell(() => null);
  await Promise.resolve();
  listener.tell(() => null);
  expect(told).toBe(2);
});

test('one that must hear it does, after what it is hearing now', async () => {
  const heard: number[] = [];
  const listener = new Listener<number>(async (news) => {
    await Promise.resolve();
    heard.push(news);
  });
  let at = 1;
  const news = () => at;
  listener.tell(news);
  const reached = listener.reach(news);
  at = 2;
  await reached;
  expect(heard).toEqual([1, 2]);
});
