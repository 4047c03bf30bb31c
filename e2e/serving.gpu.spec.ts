import { POLICIES } from '../src/core/serving-config';
import { configure, expect, snapshot, test } from './support/headway-test';
import { expectSlidersToAct } from './support/live-sliders';
import { serveModules } from './support/module-page';
import { tokensUnder } from './support/page-tokens';
import { prompts } from './support/prompts';
import { reference } from './support/reference';
import { expectSamplingContract } from './support/sampling-contract';

/** `npm run test:gpu` has looked for a real GPU before; whoever asks for these tests without one sees them fail. */
const REAL = { kind: 'webgpu', software: false };

test('a real GPU says the same tokens under every schedule as transformers.js', async ({ headway }) => {
  const asked = prompts(64, 32);
  const { adapter, note } = await headway.ready({ backend: 'webgpu' });
  expect(adapter).toMatchObject(REAL);
  expect(note, 'graph capture is on').toBeNull();
  await expect(headway.page.getByRole('button', { name: 'GPU', exact: true })).toBeVisible();
  const { answers: expected } = await reference('mini-gpt', asked);
  for (const policy of POLICIES) {
    for (const maxBatch of [1, 2, 3, 5, 8, 16]) {
      const said = await tokensUnder(headway.page, { policy, maxBatch }, asked);
      expect(said, `${policy}, max batch ${maxBatch}`).toEqual(expected);
    }
  }
});

test('a real GPU draws the same tokens alone, in any company, slot and chunks', async ({ page }) => {
  const modules = await serveModules();
  await modules.open(page);
  await expectSamplingContract(page, 'webgpu', 12);
  await modules.close();
});

test('sampled answers of a real GPU are the same under every policy, and others for another seed', async ({
  headway,
}) => {
  const { page } = headway;
  const { adapter } = await headway.ready({ backend: 'webgpu' });
  expect(adapter).toMatchObject(REAL);
  const asked = prompts(16, 24);
  const answers = async (policy: (typeof POLICIES)[number], seed: number) => {
    await configure(page, { policy, maxBatch: 5 });
    const given = { asked, sampling: { temperature: 1.5, topK: 300, topP: 0.98, seed } };
    return page.evaluate(({ asked, sampling }) => window.headway.generate(asked, sampling), given);
  };
  const [first, ...others] = POLICIES;
  const expected = await answers(first, 3);
  for (const policy of others) expect(await answers(policy, 3), policy).toEqual(expected);
  expect(await answers(first, 4)).not.toEqual(expected);
});

test('a real GPU serves a load and loses nothing', async ({ headway }) => {
  const { page } = headway;
  expect((await headway.ready({ backend: 'webgpu' })).adapter).toMatchObject(REAL);
  await configure(page, { policy: 'continuous', maxBatch: 16, arrival: 'closed', concurrency: 32 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(200);
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const totals = (await snapshot(page))?.totals;
  expect(totals).toMatchObject({ completed: totals?.sent, failed: 0, rejected: 0 });
});

test('sliders change the batches that a real GPU makes, live, and nothing is lost', async ({ headway }) => {
  expect((await headway.ready({ backend: 'webgpu' })).adapter).toMatchObject(REAL);
  await expectSlidersToAct(headway, { concurrency: 32, outputTokens: 8, fills: [7, 3.5] });
});
