import { configure, expect, snapshot, test } from './support/headway-test';

// It moves, as for a visitor who does not mind.
test.use({ profile: 'fresh', contextOptions: { reducedMotion: 'no-preference' } });

/** Share of the slots' time, %, as the picture's own sentence says it. */
const share = (sentence: string, of: string) => Number(new RegExp(`${of} ([\\d.]+) %`).exec(sentence)?.[1]);

test('the picture of the slots: static batches waste, continuous ones do not; it holds still when it is told to', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const picture = page.getByRole('img', { name: /slots over/ });
  const table = page.getByRole('table', { name: /requests in the picture/ });
  const sentence = async () => (await picture.getAttribute('aria-label')) ?? '';
  const load = { maxBatch: 8, arrival: 'closed', concurrency: 24, outputTokens: '2:48' } as const;

  await configure(page, { ...load, policy: 'static' });
  await page.evaluate(() => window.headway.startLoad());
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(async () => share(await sentence(), 'decode')).toBeGreaterThan(10);
  await expect.poll(async () => share(await sentence(), 'wasted')).toBeGreaterThan(10);
  expect(await sentence()).toMatch(/^8 slots over the last 5 seconds: .* Waiting now: \d+ in the queue/);

  // By keyboard. What is held stays, also in the table, whatever is answered meanwhile.
  await page.getByRole('button', { name: 'Hold slots' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  const held = await table.getByRole('row').allTextContents();
  expect(held.length).toBeGreaterThan(5);
  const { completed = 0 } = (await snapshot(page))?.totals ?? {};
  await expect
    .poll(async () => (await snapshot(page))?.totals.completed ?? 0)
    .toBeGreaterThan(completed + 20);
  expect(await table.getByRole('row').allTextContents()).toEqual(held);

  await configure(page, { policy: 'continuous' });
  await page.getByRole('button', { name: 'Hold slots' }).click();
  await page.getByText('2 s', { exact: true }).click();
  const isClean = (said: string) => share(said, 'decode') > 10 && share(said, 'wasted') === 0;
  await expect.poll(async () => isClean(await sentence())).toBe(true);
  const wasted = table.locator('td:last-child');
  await expect.poll(async () => (await wasted.count()) > 5).toBe(true);
  expect(new Set(await wasted.allTextContents())).toEqual(new Set(['0.0']));

  // Who wants no movement gets another picture once a second.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moves = await picture.locator('canvas').evaluate(async (canvas) => {
    let count = 0;
    const observer = new MutationObserver((records) => {
      count += records.length;
    });
    observer.observe(canvas, { attributeFilter: ['style'] });
    await new Promise((resolve) => setTimeout(resolve, 1600));
    return count;
  });
  expect(moves).toBeGreaterThanOrEqual(1);
  expect(moves).toBeLessThanOrEqual(4);
});
