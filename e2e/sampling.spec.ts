import type { ServingConfig } from '../src/core/serving-config';
import { configure, expect, snapshot, test } from './support/headway-test';
import { serveModules } from './support/module-page';
import { prompts } from './support/prompts';
import { expectSamplingContract } from './support/sampling-contract';

test('on WASM a seed gives the same tokens alone, in any company, slot and chunks', async ({ page }) => {
  const modules = await serveModules();
  await modules.open(page);
  await expectSamplingContract(page, 'wasm', 12);
  await modules.close();
});

test('sampled answers are the same under every policy, and others for another seed', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const asked = prompts(16, 24);
  const answers = async (serving: Partial<ServingConfig>, seed: number) => {
    await configure(page, serving);
    const given = { asked, sampling: { temperature: 1.5, topK: 300, topP: 0.98, seed } };
    return page.evaluate(({ asked, sampling }) => window.headway.generate(asked, sampling), given);
  };
  const alone = await answers({ policy: 'sequential' }, 3);
  expect(alone.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
  expect(await answers({ policy: 'static', maxBatch: 5 }, 3)).toEqual(alone);
  expect(await answers({ policy: 'continuous', maxBatch: 8 }, 3)).toEqual(alone);
  expect(await answers({ policy: 'continuous', maxBatch: 8 }, 4)).not.toEqual(alone);
});

test('a load samples when its temperature is above 0, and only then are top k and top p on the page', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.getByRole('region', { name: 'Load' }).getByText('More', { exact: true }).click();
  await expect(page.getByRole('slider', { name: 'Temperature' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Top k' })).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Temperature' }).fill('0.8');
  await page.getByRole('textbox', { name: 'Temperature' }).press('Enter');
  await expect(page.getByRole('slider', { name: 'Top k' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Top p' })).toBeVisible();
  await expect(page).toHaveURL(/temperature=0\.8/);
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed).toBeGreaterThan(5);
  await page.evaluate(() => window.headway.stopLoad());
  expect((await snapshot(page))?.totals.failed).toBe(0);
});
