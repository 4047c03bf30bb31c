import { configure, expect, snapshot, test } from './support/headway-test';
import { expectSlidersToAct } from './support/live-sliders';

test('the model becomes ready on WASM, named, without an error or a CSP violation anywhere', async ({
  headway,
}) => {
  const info = await headway.ready({ backend: 'wasm' });
  expect(info.adapter).toMatchObject({ kind: 'wasm', software: false });
  expect(info.adapter.name).toContain('WebAssembly');
  expect(info.model.name).toBe('mini-gpt');
  expect(info.model.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await headway.page.evaluate(() => self.crossOriginIsolated)).toBe(true);
  await expect(headway.page.getByText(info.adapter.name).first()).toBeVisible();
});

test('without WebGPU, auto falls back to WASM and says why', async ({ headway }) => {
  const info = await headway.ready({ backend: 'auto' });
  expect(info.adapter.kind).toBe('wasm');
  expect(info.note).toBeTruthy();
});

test('a violation in the page or in a worker would be seen', async ({ headway }) => {
  headway.complaints.expect(/headway-csp-violation|Content Security Policy/);
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const violations = (source: string) =>
    headway.complaints
      .all()
      .filter((line) => line.includes('headway-csp-violation') && line.includes(source));
  await page.evaluate(() => fetch('https://example.invalid/').catch(() => {}));
  // The policy of the header and that of the document: a worker has the header's alone.
  await expect.poll(() => violations('connect-src').length).toBe(2);
  const [worker] = page.workers();
  await worker?.evaluate(() => fetch('https://example.invalid/').catch(() => {}));
  await expect.poll(() => violations('connect-src').length).toBe(3);
});

test('load starts by itself, and figures move', async ({ headway }) => {
  await headway.open({ backend: 'wasm', autostart: 'on' });
  await expect.poll(async () => (await snapshot(headway.page))?.throughputRps ?? 0).toBeGreaterThan(0);
});

test('sliders change the batches that are seen, live, and nothing is lost; a short queue rejects, and says so', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await expectSlidersToAct(headway, { concurrency: 32, outputTokens: 8, fills: [7, 3.5] });

  await configure(page, { maxQueue: 1, maxBatch: 1, arrival: 'poisson', rate: 2000, outputTokens: 64 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.rejected ?? 0).toBeGreaterThan(0);
  await page.evaluate(() => window.headway.stopLoad());
  const { totals, inFlight } = (await snapshot(page)) ?? {};
  expect(inFlight).toBe(0);
  expect(totals?.sent).toBe((totals?.completed ?? 0) + (totals?.rejected ?? 0));
});

test('a visitor’s own sentence is corrected while the load runs', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { policy: 'continuous', maxBatch: 8, arrival: 'closed', concurrency: 24 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.queueDepth ?? 0).toBeGreaterThan(4);

  const field = page.getByRole('textbox', { name: /sentence/i });
  await field.fill('She go to school every day.');
  await field.press('Enter');
  const own = page.getByRole('listitem').filter({ hasText: 'Yours' });
  await expect(own).toContainText('She goes to school every day.');
  expect((await snapshot(page))?.inFlight).toBeGreaterThan(4);

  await field.fill('word '.repeat(200));
  await field.press('Enter');
  await expect(page.getByText(/context of 128|128 tokens/).first()).toBeVisible();
  await field.fill('He don’t like apples.');
  await field.press('Enter');
  await expect(own.first()).toContainText('He doesn');
});

test('a part whose file does not arrive says so in its place, and the rest goes on', async ({ headway }) => {
  const { page, complaints } = headway;
  complaints.expect(/time-chart|experiments-page|ERR_FAILED/);
  await page.route(/assets\/(time-chart|experiments-page)-/, (route) => route.abort());
  await headway.ready({ backend: 'wasm' });
  await expect(page.getByRole('alert').filter({ hasText: 'The chart could not be shown.' })).toHaveCount(3);
  await expect(page.getByRole('img', { name: /Throughput against p95/ })).toBeVisible();
  await page.getByRole('link', { name: 'Experiments' }).click();
  await expect(page.getByText('This page could not be shown.')).toBeVisible();
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByRole('region', { name: 'Headline figures' })).toBeVisible();
  await expect(page.getByText('This page could not be shown.')).toHaveCount(0);
});
