import type { Page } from '@playwright/test';
import { expect, test } from './support/headway-test';
import { serveSimulated } from './support/simulated-site';

test.use({ profile: 'fresh' });

/** Ten settings of three policies, the last of which cannot keep up. */
const SETTINGS = [
  ...[2, 8, 32].map((concurrency) => ({ policy: 'sequential', concurrency }) as const),
  ...[2, 8, 32].map((concurrency) => ({ policy: 'static', concurrency }) as const),
  ...[2, 8, 32, 128].map((concurrency) => ({ policy: 'continuous', concurrency }) as const),
];

async function draw(page: Page): Promise<void> {
  await page.evaluate(async (settings) => {
    const { headway, simulate } = window;
    await headway.loadModel({ backend: 'wasm' });
    await headway.configure({ arrival: 'closed', outputTokens: '4:24', ...settings[0] });
    await headway.startLoad();
    for (const each of settings) await simulate(headway.configure(each), 8);
  }, SETTINGS);
}

const chart = (page: Page) => page.getByRole('img', { name: /^Throughput against p95 latency/ });

/** Labels that a line or another label runs through, as they are drawn. */
const crossed = (page: Page) =>
  chart(page).evaluate((root) => {
    const labels = [...root.querySelectorAll<SVGGraphicsElement>('text[class*="Label"]')];
    const boxes = labels.map((label) => ({
      text: label.textContent ?? '',
      box: label.getBoundingClientRect(),
    }));
    // A box has the font's ascent; letters fill its middle.
    const has = ({ left, right, top, bottom }: DOMRect, { x, y }: DOMPoint) =>
      x > left && x < right && y > top + 2 && y < bottom - 2;
    const overlap = (a: DOMRect, b: DOMRect) =>
      a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;
    const lines = [...root.querySelectorAll<SVGGeometryElement>('polyline, g[class*="trail"] line')].map(
      (line) => {
        const matrix = line.getScreenCTM() ?? new DOMMatrix();
        const length = Math.floor(line.getTotalLength());
        return Array.from({ length }, (_, at) => line.getPointAtLength(at).matrixTransform(matrix));
      },
    );
    const byLines = boxes.filter(({ box }) => lines.some((line) => line.some((point) => has(box, point))));
    const byLabels = boxes.filter((one) =>
      boxes.some((other) => other !== one && overlap(one.box, other.box)),
    );
    return { count: boxes.length, byLines, byLabels };
  });

test('ten points of three policies: no label is crossed, hovering shows all figures, a click sets the point again, a reload keeps them', async ({
  headway: { page, complaints },
}) => {
  test.setTimeout(180_000);
  // A model may have this file; a browser reports that the embedded one has not.
  complaints.expect(/chat_template\.jinja/);
  const site = await serveSimulated();
  await site.open(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await draw(page);
  for (const width of [1440, 834, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect
      .poll(async () => (await crossed(page)).count, { message: `labels at ${width}` })
      .toBeGreaterThan(4);
    expect(await crossed(page), `at ${width}`).toMatchObject({ byLines: [], byLabels: [] });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  const legend = page.getByRole('list', { name: 'Legend of the main chart' });
  for (const word of ['sequential', 'static', 'continuous', 'now', 'measured', 'SLO met']) {
    await expect(legend.getByText(word, { exact: true })).toBeVisible();
  }
  await expect(chart(page)).toContainText('(log scale)');

  const square = chart(page).locator('g > rect[width="8"]').first();
  const { x, y } = await square.evaluate((mark) => mark.getBoundingClientRect());
  await page.mouse.move(x + 4, y + 4);
  const tip = chart(page).locator('g[class*="chartTip"]');
  await expect(tip).toContainText(
    /static .*req\/s.*output tok\/s.*E2E p50 .*p95 .*p99 .*TTFT.*TPOT.*batch fill.*wasted.*completed.*set this again/,
  );
  await page.mouse.down();
  await page.mouse.up();
  const policy = page.getByRole('radiogroup', { name: 'Policy', exact: true });
  await expect(policy.getByRole('radio', { name: 'static' })).toBeChecked();

  const table = page.getByRole('region', { name: 'Finished settings' });
  await expect(table.getByRole('row')).toHaveCount(1 + SETTINGS.length);
  await page.reload();
  await expect(table.getByRole('row')).toHaveCount(1 + SETTINGS.length);
  await page.getByRole('button', { name: 'Clear points' }).click();
  await expect(table).toBeHidden();
  await site.close();
});
