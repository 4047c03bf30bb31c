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

test('a link starts the 30 seconds; skipping them gives the settings back', async ({ headway }) => {
  const { page } = headway;
  await page.goto('./?v=1&policy=static&max-batch=4&rate=3&output-tokens=eos&show-me=on');
  const show = page.getByRole('region', { name: 'Show me' });
  await expect(show).toContainText('Sequential: one request at a time.');
  await show.getByRole('button', { name: 'Skip' }).click();
  await expect(show).toHaveCount(0);
  const policy = page.getByRole('radiogroup', { name: 'Policy', exact: true });
  await expect(policy.getByRole('radio', { name: 'static' })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'Max batch (requests)' })).toHaveValue('4');
});

test('one part of the page stands alone in a frame', async ({ headway }) => {
  const { page } = headway;
  for (const [embed, shown] of [
    ['demo', 'Throughput against tail latency'],
    ['chart', 'Throughput against tail latency'],
    ['race', 'Slots'],
  ] as const) {
    await headway.ready({ backend: 'wasm', embed });
    await expect(page.getByRole('heading', { name: shown, exact: true })).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Open in Headway' })).toHaveAttribute(
      'href',
      /^\.\/\?(?!.*embed).*backend=wasm/,
    );
    expect(await violations(page), embed).toEqual([]);
  }
});
