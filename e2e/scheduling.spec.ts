import { configure, expect, snapshot, test } from './support/headway-test';

test('clients that go away are cancelled wherever they are, and nothing is lost', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  for (const policy of ['sequential', 'static', 'continuous'] as const) {
    await configure(page, {
      policy,
      maxBatch: 8,
      arrival: 'closed',
      concurrency: 32,
      outputTokens: 40,
      abandonShare: 0.5,
      abandonAfterMs: 150,
    });
    await page.evaluate(() => window.headway.startLoad());
    await expect.poll(async () => (await snapshot(page))?.totals.cancelled ?? 0).toBeGreaterThan(10);
    await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(10);
    await page.evaluate(() => window.headway.stopLoad());
    await expect.poll(async () => (await snapshot(page))?.inFlight, policy).toBe(0);
    const totals = (await snapshot(page))?.totals;
    expect(totals?.sent).toBe((totals?.completed ?? 0) + (totals?.cancelled ?? 0));
  }
});

test('a request of one’s own can be stopped', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { policy: 'static', maxBatch: 8, maxWaitMs: 10_000 });
  await page.getByRole('textbox', { name: 'Your own sentence' }).fill('She go to school.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Yours' })).toContainText('499 cancelled');
});

test('under overload deadlines expire what waits too long, so that what is held stays bounded', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { timeoutMs: 100, maxBatch: 2, arrival: 'poisson', rate: 500, outputTokens: 40 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.expired ?? 0).toBeGreaterThan(100);
  // 500 a second for a tenth of a second each, and what the clients hear a little later.
  for (let look = 0; look < 8; look++) {
    expect((await snapshot(page))?.inFlight).toBeLessThan(200);
    await page.waitForTimeout(250);
  }
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const { totals } = (await snapshot(page)) ?? {};
  expect(totals?.sent).toBe((totals?.completed ?? 0) + (totals?.expired ?? 0));
});

test('several sequences a request, micro-batches and a token budget serve a load', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, {
    policy: 'static',
    sequences: 3,
    temperature: 0.8,
    microBatchSize: 4,
    maxBatchTokens: 400,
    channelCapacity: 4,
    outputTokens: 5,
    arrival: 'closed',
    concurrency: 12,
  });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(50);
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const last = await snapshot(page);
  expect(last?.totals).toMatchObject({ completed: last?.totals.sent, failed: 0 });
  expect(last?.counters.tokens).toBeGreaterThanOrEqual(15 * (last?.totals.completed ?? 0));
  // 3 members of 3 sequences are 9 rows: a batch needs more than two micro-batches of 4.
  expect((last?.counters.prefills ?? 0) / (last?.counters.dispatched ?? 1)).toBeGreaterThan(1.5);
  const metrics = await page.evaluate(() => window.headway.metrics());
  expect(metrics).toMatch(/^headway_requests_total\{outcome="completed"\} \d+$/m);
});
