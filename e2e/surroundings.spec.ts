import type { Page } from '@playwright/test';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { configure, expect, type Headway, rejection, snapshot, test } from './support/headway-test';
import { runTinySweep } from './support/tiny-sweep';

const OPTIONS = {
  serving: DEFAULT_SERVING_CONFIG,
  load: { arrival: 'closed', concurrency: 4, outputTokens: 8 },
  slo: { p95Ms: null, ttftMs: null },
  requests: 40,
  durationS: null,
  repeats: 1,
} as const;

const measure = (page: Page, requests = 40) =>
  page.evaluate((options) => window.headway.runExperiment(options), { ...OPTIONS, requests });

/** Another tab of the same browser with a model at rest. */
async function secondTab({ page }: Headway): Promise<Page> {
  const second = await page.context().newPage();
  await second.goto('./?backend=wasm&autostart=off');
  await second.waitForFunction(() => 'headway' in window);
  await second.evaluate(() => window.headway.ready);
  return second;
}

/** As a browser does that blocks cookies: every way of storing throws or rejects. */
function refuseStorage(): void {
  const denied = () => new DOMException('The request was denied.', 'SecurityError');
  const reject = async () => {
    throw denied();
  };
  const refuse = () => {
    throw denied();
  };
  Object.assign(navigator.locks, { request: reject, query: reject });
  IDBFactory.prototype.open = refuse;
  Object.assign(navigator.storage, { getDirectory: reject, persist: reject, estimate: reject });
  Object.defineProperty(window, 'localStorage', { get: refuse });
}

test('where the browser refuses all storage everything works, and the page says once that nothing is kept', async ({
  headway,
}) => {
  const { page } = headway;
  await page.addInitScript(refuseStorage);
  await headway.ready({ backend: 'wasm' });
  await configure(page, { policy: 'continuous', arrival: 'closed', concurrency: 4 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(10);
  const said = page.getByText(/This browser keeps nothing of this page/);
  await expect(said).toHaveCount(1);

  const kept = await runTinySweep(page);
  expect(kept.status.kind).toBe('finished');
  expect(await page.evaluate(() => window.headway.runs().length)).toBe(1);
  const files = await page.evaluate((id) => window.headway.exportRun(id), kept.id);
  expect(files.map(({ name }) => name)).toContain('batch_sweep.csv');
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('link', { name: /Tiny sweep/ }).click();
  await expect(page.locator('main .recharts-surface:visible').first()).toBeVisible();
  await page.getByRole('link', { name: 'Lessons' }).click();
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Lesson' })).toBeVisible();
  await expect(said).toHaveCount(1);
});

test('of two measurements that begin at the same instant in two tabs one is refused', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const second = await secondTab(headway);
  const ends = await Promise.allSettled([measure(page), measure(second)]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const refused = ends.find((end) => end.status === 'rejected');
  expect(String(refused?.status === 'rejected' && refused.reason)).toMatch(
    /Another tab of this page (is measuring|has a model under load)/,
  );
});

test('a burst, prompts and a model that loads in another tab mark the run that is measured', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const second = await secondTab(headway);
  // The second tab has been at rest for long enough to be seen so.
  await page.waitForTimeout(3000);
  const works: readonly (() => Promise<unknown>)[] = [
    () => second.evaluate(() => window.headway.burst(20)),
    () => second.evaluate(() => window.headway.generate([{ id: 'a', prompt: 'She go to school.' }])),
    () => second.evaluate(() => window.headway.loadModel({ backend: 'wasm' })),
  ];
  for (const work of works) {
    const measured = measure(page, 800);
    await expect.poll(async () => (await snapshot(page))?.clients.status).toBe('measuring');
    await work();
    const { disturbed } = await measured;
    expect(disturbed, work.toString()).toContain('other-tab');
    await second.evaluate(() => window.headway.stopLoad());
    await page.waitForTimeout(3000);
  }
  expect((await measure(page)).disturbed).toEqual([]);
});

test('a stop resolves when a burst has been answered, too', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { policy: 'sequential', outputTokens: 16 });
  await page.evaluate(async () => {
    await window.headway.burst(30);
    await window.headway.stopLoad();
  });
  const after = await snapshot(page);
  expect(after?.inFlight).toBe(0);
  expect(after?.totals).toMatchObject({ sent: 30, completed: 30 });
  expect(await rejection(page.evaluate(() => window.headway.burst(0)))).toContain('1 to 10000');
});
