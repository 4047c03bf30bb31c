import { expect, test } from 'vitest';
import type { LoadProgress } from '../../core/engine';
import { PacedProgress } from './paced-progress';

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
