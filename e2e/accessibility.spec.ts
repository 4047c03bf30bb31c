import { violations } from './support/axe';
import { expect, test } from './support/headway-test';

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
    expect(await violations(page)).toEqual([]);
  });
}
