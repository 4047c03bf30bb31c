import { completedOf, startBriskLoad } from './support/brisk-load';
import { expect, test } from './support/headway-test';
import { medianHeapOf, trendOf } from './support/heap';
import { framesPerSecond, traceMainThread } from './support/main-thread';

const MINUTE_MS = 60_000;
/** The series over time are full after a minute and a half; from here on all that is kept is replaced. */
const WARM_UP_MS = 2 * MINUTE_MS;
const WATCHED_MINUTES = 10;
/** Of each minute. */
const LOOKS = 24;
/** Over 300,000 requests and 2,400 updates: a leak of 2 bytes with each request, or 210 with each update, would be more. */
const MORE_BYTES = 500_000;

test('the page’s heap is flat over ten minutes at 500 requests a second, and its thread has time', async ({
  headway,
}) => {
  test.setTimeout(WARM_UP_MS + (WATCHED_MINUTES + 6) * MINUTE_MS);
  const { page } = headway;
  await page.setViewportSize({ width: 1440, height: 900 });
  await startBriskLoad(headway);
  const devtools = await page.context().newCDPSession(page);
  const minute = () => medianHeapOf(devtools, LOOKS, MINUTE_MS / LOOKS);
  await page.waitForTimeout(WARM_UP_MS);
  const heaps = [await minute()];
  const begun = await completedOf(page);
  while (heaps.length <= WATCHED_MINUTES) heaps.push(await minute());
  const ended = await completedOf(page);
  const completed = ended.completed - begun.completed;
  const rps = (completed * 1000) / (ended.at - begun.at);
  const fps = await framesPerSecond(page, 5_000);
  const { busyMs, wallMs, longestMs } = await traceMainThread(page, 10_000);
  test.info().annotations.push({
    type: 'measured',
    description:
      `${completed} requests at ${rps.toFixed(0)}/s; heap by the minute ${heaps.map((bytes) => (bytes / 1e6).toFixed(2)).join(', ')} MB; ` +
      `${fps.toFixed(1)} frames/s; busy ${((100 * busyMs) / wallMs).toFixed(1)} %, longest task ${longestMs.toFixed(1)} ms`,
  });
  expect(rps).toBeGreaterThan(500);
  expect(WATCHED_MINUTES * trendOf(heaps)).toBeLessThan(MORE_BYTES);
  expect(fps).toBeGreaterThan(50);
  expect(busyMs / wallMs).toBeLessThan(0.3);
  expect(longestMs).toBeLessThan(100);
});
