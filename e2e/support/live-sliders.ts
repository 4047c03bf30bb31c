import { configure, expect, type Headway, snapshot } from './headway-test';

interface LiveLoad {
  readonly concurrency: number;
  readonly outputTokens: number;
  /** A fill that batches of 8 must reach, and batches of 4. */
  readonly fills: readonly [number, number];
}

/**
 * With the load running: the slider changes the batches that the server makes, the present point moves in the chart, and
 * all that was sent is answered.
 */
export async function expectSlidersToAct({ page }: Headway, { concurrency, outputTokens, fills }: LiveLoad) {
  await configure(page, { policy: 'static', maxBatch: 8, arrival: 'closed', concurrency, outputTokens });
  await page.evaluate(() => window.headway.startLoad());
  const fill = async () => (await snapshot(page))?.meanBatchFill ?? 0;
  await expect.poll(fill, { message: 'max batch 8', timeout: 60_000 }).toBeGreaterThan(fills[0]);
  const now = page.locator('svg g', { has: page.locator('title', { hasText: /^Now:/ }) }).last();
  const place = async () => {
    const dot = now.locator('circle').first();
    return `${await dot.getAttribute('cx')} ${await dot.getAttribute('cy')}`;
  };
  const before = await place();

  const slider = page.getByRole('slider', { name: 'Max batch' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(fill, { message: 'max batch 1', timeout: 60_000 }).toBe(1);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(fill, { message: 'max batch 4', timeout: 60_000 }).toBeGreaterThan(fills[1]);
  expect(await fill()).toBeLessThanOrEqual(4);
  await expect.poll(place, { message: 'the present point moves', timeout: 60_000 }).not.toBe(before);

  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const totals = (await snapshot(page))?.totals;
  expect(totals?.sent).toBeGreaterThan(0);
  expect(totals).toMatchObject({
    completed: totals?.sent,
    rejected: 0,
    expired: 0,
    cancelled: 0,
    failed: 0,
  });
}
