import { violations } from './support/axe';
import { expect, test } from './support/headway-test';

test.use({ profile: 'fresh' });

const asVisitor = { content: "Object.defineProperty(navigator, 'webdriver', { get: () => false })" };

test('on a fresh profile the 30 seconds run by themselves to their sentence, and not again', async ({
  headway,
}) => {
  test.setTimeout(240_000);
  const { page } = headway;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.addInitScript(asVisitor);
  await page.goto('./');
  const show = page.getByRole('region', { name: 'Show me' });
  await expect(show.getByRole('button', { name: 'Skip' })).toBeVisible();
  await expect(show).toContainText('Sequential: one request at a time.');
  await expect(show).toContainText(
    /(Continuous serves \d.* × the requests of sequential at .* p95, here, on CPU \(WASM\)\.|Not clear on this machine)/,
    { timeout: 150_000 },
  );
  const legend = page.getByRole('list', { name: 'Legend of the main chart' });
  for (const policy of ['sequential', 'static', 'continuous'])
    await expect(legend.getByText(policy)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show.getByRole('button', { name: 'Close Show me' }).click();
  await expect(show).toHaveCount(0);
  await page.goto('about:blank');
  await page.goto('./?autostart=off');
  await page.evaluate(() => window.headway.ready);
  await expect(show).toHaveCount(0);
});
