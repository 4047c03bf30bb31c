import { violations } from './support/axe';
import { expect, test } from './support/headway-test';

test.use({ profile: 'fresh' });

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
