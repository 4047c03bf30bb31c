import { SCREENS, violations } from './support/axe';
import { expect, test } from './support/headway-test';

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
    expect(await violations(page)).toEqual([]);
  });
}
