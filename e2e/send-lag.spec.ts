import { expect, test } from './support/headway-test';

test('a load generator that is late is said out loud, until it is no longer', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', arrival: 'constant', rate: '20', 'output-tokens': '1' });
  const generator = page.workers().find((worker) => worker.url().includes('traffic-worker'));
  const warning = page.getByText('after they were due (send lag)');
  await page.evaluate(() => window.headway.startLoad());
  await expect
    .poll(() => page.evaluate(() => window.headway.snapshot()?.totals.completed ?? 0))
    .toBeGreaterThan(0);
  // For six seconds something else has nearly all of its time.
  await generator?.evaluate(() => {
    const busy = setInterval(() => {
      const end = performance.now() + 200;
      while (performance.now() < end);
    }, 210);
    setTimeout(() => clearInterval(busy), 6000);
  });
  await expect(warning).toBeVisible();
  // What was late leaves the window after ten seconds.
  await expect(warning).toBeHidden();
});
