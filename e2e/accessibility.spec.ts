import { expectAccessible, violations } from './support/axe';
import { expect, snapshot, test } from './support/headway-test';

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
