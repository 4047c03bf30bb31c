import { configure, expect, snapshot, test } from './support/headway-test';

test.setTimeout(240_000);

test('a lost GPU device is said, what ran fails, and the worker goes on with the queue on a new one', async ({
  headway,
}) => {
  headway.complaints.expect(/./);
  const { page } = headway;
  const info = await headway.ready({ backend: 'webgpu' });
  await configure(page, {
    policy: 'continuous',
    maxBatch: 4,
    arrival: 'closed',
    concurrency: 12,
    outputTokens: 4,
  });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(0);
  expect((await snapshot(page))?.server).toMatchObject({
    losses: 0,
    memory: { buffers: expect.any(Number) },
  });

  const devtools = await page.context().browser()?.newBrowserCDPSession();
  await devtools?.send('Browser.crashGpuProcess');
  await expect(page.getByText('The GPU went away').first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await snapshot(page))?.totals.failed ?? 0).toBeGreaterThan(0);
  const failed = (await snapshot(page))?.totals.failed ?? 0;
  expect(failed).toBeLessThanOrEqual(4);

  await expect
    .poll(async () => (await snapshot(page))?.server.status, { timeout: 60_000 })
    .toMatch(/ready|running/);
  const before = (await snapshot(page))?.totals.completed ?? 0;
  await expect
    .poll(async () => (await snapshot(page))?.totals.completed ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(before + 12);
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const after = await snapshot(page);
  expect(after?.totals).toMatchObject({ failed, sent: (after?.totals.completed ?? 0) + failed });
  expect(after?.server).toMatchObject({
    losses: 1,
    lastLoss: { reason: expect.stringMatching(/device was lost/) },
  });
  await expect(page.getByText(/went away once and was replaced/)).toBeVisible();
  expect(info.adapter.kind).toBe('webgpu');
  const [answer] = await page.evaluate(() =>
    window.headway.generate([{ id: 'a', prompt: 'She go to school every day.' }]),
  );
  expect(answer?.text).toBe('She goes to school every day.');
});
