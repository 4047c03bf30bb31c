import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onEachScreen } from './support/axe';
import { fontPrint, useFonts } from './support/font-print';
import { expect, test } from './support/headway-test';
import { serveSimulated } from './support/simulated-site';
import { TABS } from './support/simulated-tabs';

// At half their size pictures show what stands where and in which colours, and weigh little.
test.use({ timezoneId: 'UTC', locale: 'en', deviceScaleFactor: 0.5 });

/** Recorded by `npm run pictures`; where letters look different, pictures would differ for no fault of the page. */
test('every tab looks as it did on seeded simulated data, wide and narrow, light and dark', async ({
  headway: { page },
}, testInfo) => {
  test.setTimeout(240_000);
  const file = testInfo.snapshotPath('letters.txt');
  const print = await fontPrint(page);
  if (testInfo.config.updateSnapshots === 'all') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, print);
  }
  const recorded = existsSync(file) ? readFileSync(file, 'utf8') : 'none';
  test.skip(
    recorded !== print,
    'Letters look different on this machine than where the pictures were recorded, so nothing was compared.',
  );

  const site = await serveSimulated();
  await site.open(page);
  await useFonts(page);
  for (const { name, show } of TABS) {
    await show(page);
    await onEachScreen(page, (screen) => expect.soft(page).toHaveScreenshot(`${name}-${screen}.png`));
  }
  await site.close();
});
