import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from './support/headway-test';

/** Script tags are against the page's CSP, so axe goes in through the debugger. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const SCREENS = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 1440, height: 900 },
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 390, height: 844 },
] as const;

for (const { colorScheme, width, height } of SCREENS) {
  test(`axe finds nothing, ${colorScheme}, ${width} × ${height}`, async ({ headway }) => {
    const { page } = headway;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await headway.ready({ backend: 'wasm' });
    await page.evaluate(() => window.headway.startLoad());
    await expect
      .poll(() => page.evaluate(() => window.headway.snapshot()?.throughputRps ?? 0))
      .toBeGreaterThan(0);
    await page.evaluate(AXE);
    const found = await page.evaluate(async (tags) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run({ runOnly: tags });
      return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }));
    }, RULES);
    expect(found).toEqual([]);
  });
}
