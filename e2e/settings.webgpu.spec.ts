import type { Page } from '@playwright/test';
import { configure, expect, rejection, snapshot, test } from './support/headway-test';

// The software adapter takes some 50 ms for one step.
test.setTimeout(240_000);

/** A small model whose long context makes a row of its cache so large that few fit. */
const MODEL = 'synthetic:layers=1,hidden=64,heads=4,feed-forward=96,vocabulary=500,context=131072';
const REFUSAL = /64 slots of 131072 tokens needs .* this adapter allows/;

const inForce = async (page: Page) => (await snapshot(page))?.server.config;

test('a refused setting rejects, changes nothing that is shown, and is not handed to the next worker', async ({
  headway,
}) => {
  const { page, complaints } = headway;
  await headway.ready({ backend: 'webgpu', model: MODEL, 'max-batch': '1' });
  const link = page.url();
  const slider = page.getByRole('slider', { name: 'Max batch', exact: true });
  const shown = await slider.getAttribute('aria-valuetext');

  expect(await rejection(configure(page, { maxBatch: 64, maxQueue: 9 }))).toMatch(REFUSAL);
  await expect.poll(() => inForce(page)).toMatchObject({ maxBatch: 1, maxQueue: 1024 });
  expect(await configure(page, {})).toMatchObject({ maxBatch: 1, maxQueue: 1024 });
  expect(page.url()).toBe(link);
  await expect(slider).toHaveAttribute('aria-valuetext', shown ?? '');

  complaints.expect(/boom/);
  const crashed = page.workers().findLast((one) => one.url().includes('serving-worker'));
  crashed
    ?.evaluate(() => {
      setTimeout(() => {
        throw new Error('boom');
      });
    })
    .catch(() => {});
  await expect(page.getByText('The serving worker crashed').first()).toBeVisible();
  await page.waitForFunction(async () => {
    try {
      await window.headway.generate([{ id: 'a', prompt: 'a word', max_new_tokens: 1 }]);
      return true;
    } catch {
      return false;
    }
  });
  await expect.poll(() => inForce(page)).toMatchObject({ maxBatch: 1, maxQueue: 1024 });
});

test('a setting that is refused while a model loads leaves the model loaded', async ({ headway }) => {
  const { page } = headway;
  await headway.open({ backend: 'webgpu', model: MODEL, 'max-batch': '1' });
  await expect(page.getByText(/^(Making|Preparing) synthetic/)).toBeVisible();
  expect(await rejection(configure(page, { maxBatch: 64 }))).toMatch(REFUSAL);
  const info = await page.evaluate(() => window.headway.ready);
  expect(info.adapter.kind).toBe('webgpu');
  expect(await configure(page, {})).toMatchObject({ maxBatch: 1 });
});
