import { START_SETTINGS } from '../src/store/settings';
import { decodeSettings } from '../src/store/url-codec';
import { expect, test } from './support/headway-test';

// The search measures some thirty points.
test.setTimeout(240_000);

test('from an objective to the rate that holds it, and with its setting back to the live page', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', 'output-tokens': '4', 'slo-p95-ms': 'off' });
  const find = page.getByRole('button', { name: 'Find the highest rate' });
  await expect(find).toBeDisabled();
  const objective = page.getByRole('textbox', { name: 'Latency p95' });
  await objective.fill('300');
  await objective.press('Enter');
  await find.focus();
  await page.keyboard.press('Enter');
  const underWay = page.getByRole('region', { name: 'Experiment under way' });
  await expect(underWay).toContainText('The highest rate with p95 within 300 ms');
  await expect(underWay).toContainText(/of about 60 measured · now capacity of/);
  await expect(underWay).toContainText(/at least .* left/);
  await underWay.getByRole('button', { name: 'Cancel' }).click();
  await expect(underWay).toBeHidden();
  const { id } = await page.evaluate(() =>
    window.headway.runSweep('highest-rate', undefined, { repeats: 1, requests: 20 }),
  );
  await page.evaluate((run) => {
    location.hash = `#experiments/${run}`;
  }, id);
  const answer = page.getByText(/^The highest rate with p95 within 300 ms on WebAssembly/);
  await expect(answer).toContainText(/[\d.]+ requests a second, with (sequential|static|continuous)/);
  const rate = /: ([\d.]+) requests a second, with (\w+)/.exec((await answer.textContent()) ?? '');
  await page.getByRole('button', { name: 'Set this on the live page' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('rate')).toBe(rate?.[1]);
  const { serving, load, slo } = decodeSettings(new URL(page.url()).search, START_SETTINGS).settings;
  expect([serving.policy, load.arrival, slo.p95Ms]).toEqual([rate?.[2], 'poisson', 300]);
});
