import { configure, expect, snapshot, test } from './support/headway-test';
import { prompts } from './support/prompts';
import { referenceTokens } from './support/reference';
import { SCHEDULES, tokensUnder } from './support/schedules';

// The software adapter takes about a tenth of a second for one step.
test.setTimeout(600_000);

test('the model becomes ready on the adapter, which is named as what it is', async ({ headway }) => {
  const info = await headway.ready({ backend: 'webgpu' });
  expect(info.adapter.kind).toBe('webgpu');
  expect(info.adapter.software).toBe(true);
  expect(info.adapter.name).toMatch(/swiftshader/i);
  await expect(headway.page.getByText(/software/i).first()).toBeVisible();
});

test('WebGPU says the same tokens under every schedule as transformers.js', async ({ headway }) => {
  const asked = prompts(16, 4);
  await headway.ready({ backend: 'webgpu' });
  const expected = await referenceTokens('mini-gpt', asked);
  for (const schedule of SCHEDULES) {
    const some = asked.slice(0, schedule.prompts);
    const said = await tokensUnder(headway.page, schedule, some);
    expect(said, schedule.name).toEqual(expected.slice(0, some.length));
  }
});

test('load runs, batches fill, and all that was sent is answered', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'webgpu' });
  await configure(page, {
    policy: 'static',
    maxBatch: 4,
    arrival: 'closed',
    concurrency: 8,
    outputTokens: 2,
  });
  await page.evaluate(() => window.headway.startLoad());
  await expect
    .poll(async () => (await snapshot(page))?.meanBatchFill ?? 0, { timeout: 30_000 })
    .toBeGreaterThan(3);
  await page.evaluate(() => window.headway.stopLoad());
  const totals = (await snapshot(page))?.totals;
  expect(totals?.completed).toBeGreaterThan(0);
  expect(totals).toMatchObject({ failed: 0, rejected: 0 });
});
