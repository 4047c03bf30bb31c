import type { Page } from '@playwright/test';
import { configure, expect, test } from './support/headway-test';

const WIDTHS = [360, 390, 640, 768, 834, 920, 1000, 1024, 1140, 1150, 1240, 1280, 1440, 1920, 2560];

/** Texts and controls of the bar and the headline that overlap one another, or that are wider than their place. */
function collisions(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const said = (element: Element) => `"${element.textContent?.trim().slice(0, 24)}"`;
    const parts = [
      ...document.querySelectorAll(
        'header :is(a, button, select), header b, [aria-label="Headline figures"] :is(dt, dd)',
      ),
    ].filter((element) => element.checkVisibility());
    const found: string[] = [];
    for (const [index, one] of parts.entries()) {
      if (one.matches('dt, dd') && one.scrollWidth > one.clientWidth + 1) found.push(`${said(one)} is cut`);
      const a = one.getBoundingClientRect();
      if (a.right > innerWidth + 1) found.push(`${said(one)} leaves the page`);
      for (const other of parts.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const b = other.getBoundingClientRect();
        const [x, y] = [
          Math.min(a.right, b.right) - Math.max(a.left, b.left),
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
        ];
        if (x > 2 && y > 2) found.push(`${said(one)} is over ${said(other)}`);
      }
    }
    return found;
  });
}

test('from 360 to 2560 pixels no text or control of bar and headline overlaps another, and the page has no sideways scroll', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { arrival: 'closed', concurrency: 8 });
  await page.evaluate(() => window.headway.startLoad());
  await expect(page.getByRole('region', { name: 'Headline figures' })).toContainText(/\d req\/s/);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([await collisions(page), wide], `${width}`).toEqual([[], 0]);
  }
});
