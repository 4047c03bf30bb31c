import { expect, test } from '@playwright/test';
import { askPage, computeInPage } from '../cli/browser/ask-page';
import { whyNotHardware } from '../cli/browser/probe';

// All other tests of a real GPU depend on this one: none of them can pass on a software adapter.
test('the browser of these tests has a hardware adapter that computes', async ({ page }) => {
  await page.goto('./?autostart=off');
  const facts = await page.evaluate(askPage, { hub: new URL(page.url()).origin });
  expect(whyNotHardware(facts)).toBeNull();
  expect(await page.evaluate(computeInPage)).toBe(true);
});
