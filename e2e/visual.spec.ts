import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { onEachScreen, violations } from './support/axe';
import { fontPrint, useFonts } from './support/font-print';
import { expect, test } from './support/headway-test';
import { serveSimulated } from './support/simulated-site';
import { TABS } from './support/simulated-tabs';

// At half their size pictures show what stands where and in which colours, and weigh little.
test.use({ profile: 'fresh', timezoneId: 'UTC', locale: 'en', deviceScaleFactor: 0.5 });

/** Each scheme and each width once: colours are the same at any width, and places in any scheme. */
const AXE_SCREENS: readonly string[] = ['light-1440', 'dark-390'];

/** Pictures are recorded by `npm run pictures`; where letters look different, they would differ for no fault of the page. */
test('on seeded simulated data every tab looks as it did, and axe finds nothing, wide and narrow, light and dark', async ({
  headway: { page },
}, testInfo) => {
  test.setTimeout(240_000);
  const comparable = sameLetters(await fontPrint(page), testInfo);
  const site = await serveSimulated();
  await site.open(page);
  await useFonts(page);
  for (const { name, show } of TABS) {
    await show(page);
    await onEachScreen(page, async (screen) => {
      const picture = `${name}-${screen}`;
      if (comparable) await expect.soft(page).toHaveScreenshot(`${picture}.png`);
      if (AXE_SCREENS.includes(screen)) expect.soft(await violations(page), picture).toEqual([]);
    });
  }
  await site.close();
  // A violation that was found stays a failure.
  test.skip(
    !comparable,
    'Letters look different on this machine than where the pictures were recorded, so no picture was compared.',
  );
});

/** Whether letters look as when the pictures were recorded, which may be now. */
function sameLetters(print: string, testInfo: TestInfo): boolean {
  const file = testInfo.snapshotPath('letters.txt');
  if (testInfo.config.updateSnapshots === 'all') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, print);
  }
  return existsSync(file) && readFileSync(file, 'utf8') === print;
}
