import { configure, expect, snapshot, test } from './support/headway-test';

test.setTimeout(240_000);

test('a lost GPU device is said, what was running fails, and a model can be served again', async ({
  headway,
}) => {
  headway.complaints.expect(/./);
  const { page } = headway;
  await headway.ready({ backend: 'webgpu' });
  await configure(page, { policy: 'static', maxBatch: 4, arrival: 'closed', concurrency: 8 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(0);

  const devtools = await page.context().browser()?.newBrowserCDPSession();
  await devtools?.send('Browser.crashGpuProcess');
  await expect(page.getByText(/GPU device was lost/).first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await snapshot(page))?.totals.failed ?? 0).toBeGreaterThan(0);
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);

  const info = await page.evaluate(() => window.headway.loadModel({ backend: 'wasm' }));
  expect(info.adapter.kind).toBe('wasm');
  const [answer] = await page.evaluate(() =>
    window.headway.generate([{ id: 'a', prompt: 'She go to school every day.' }]),
  );
  expect(answer?.text).toBe('She goes to school every day.');
});
