import { expectAccessible, violations } from './support/axe';
import { expect, snapshot, test } from './support/headway-test';
import { serveSimulated } from './support/simulated-site';
import { TABS } from './support/simulated-tabs';

test('axe finds nothing while a load runs, nor on a tab that is still empty', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.throughputRps ?? 0).toBeGreaterThan(0);
  await expectAccessible(page, 'a load runs');
  const tabs = await page.getByRole('navigation').getByRole('link').all();
  expect(tabs.length).toBeGreaterThan(2);
  for (const tab of tabs) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('main')).toBeVisible();
    expect.soft(await violations(page), `${await tab.textContent()}`).toEqual([]);
  }
});

test('axe finds nothing on a model that cannot be served', async ({ headway }) => {
  const { page, complaints } = headway;
  complaints.expect(/404|model\.onnx/);
  await page.route('**/models/mini-gpt/onnx/model.onnx', (route) => route.fulfill({ status: 404 }));
  await headway.open({ backend: 'wasm' });
  await expect(page.getByText(/model\.onnx.*missing/i).first()).toBeVisible();
  await expectAccessible(page, 'the model failed');
});

test('axe finds nothing on any tab that has something to show, nor on a question', async ({
  headway: { page },
}) => {
  test.setTimeout(240_000);
  const site = await serveSimulated();
  await site.open(page);
  for (const { name, show } of TABS) {
    await show(page);
    await expectAccessible(page, name);
  }
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('link', { name: /Tiny sweep/ }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectAccessible(page, 'a question');
  await site.close();
});
