import type { Page } from '@playwright/test';
import { LESSONS } from '../src/lessons/lessons';
import { START_SETTINGS } from '../src/store/settings';
import { decodeSettings } from '../src/store/url-codec';
import { violations } from './support/axe';
import { expect, snapshot, test } from './support/headway-test';

const PANEL = 'section[aria-label="Lesson"]';

/** Reached by keyboard alone: the control is focused by pressing Tab until it is. */
async function pressOn(page: Page, name: RegExp | string, role: 'button' | 'link' = 'button') {
  const control = page.locator(PANEL).getByRole(role, { name });
  await expect(control).toBeEnabled();
  for (let n = 0; n < 60; n++) {
    if (await control.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(control).toBeFocused();
  await page.keyboard.press('Enter');
}

const result = (page: Page) => page.locator(`${PANEL} [role="status"]`);
/** A setting as the page's address says it; a link leaves out what is as on a first visit. */
function inAddress(page: Page, name: 'policy' | 'maxBatch' | 'arrival' | 'concurrency'): string {
  const { serving, load } = decodeSettings(new URL(page.url()).search, START_SETTINGS).settings;
  return String({ ...serving, ...load }[name]);
}

test('a whole lesson by keyboard: it drives the page, finds figures, and answers a prediction', async ({
  headway,
}) => {
  const { page } = headway;
  await page.setViewportSize({ width: 1440, height: 900 });
  await headway.ready({ backend: 'wasm', 'max-batch': '5' });
  await page.evaluate(() => {
    location.hash = '#lessons';
  });
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(LESSONS.length);
  expect(await violations(page)).toEqual([]);
  const first = page.getByRole('link', { name: 'Why batch at all' });
  await first.focus();
  await page.keyboard.press('Enter');
  await page.locator(PANEL).getByRole('heading', { name: 'One at a time' }).waitFor();

  await pressOn(page, 'Set it and measure');
  await expect(page.getByRole('progressbar', { name: 'Progress of this step' })).toBeVisible();
  expect(inAddress(page, 'policy')).toBe('sequential');
  expect(inAddress(page, 'concurrency')).toBe('32');
  await expect(result(page)).toContainText(/requests\/s\. A pass takes/);
  expect((await snapshot(page))?.meanBatchFill).toBe(1);

  await pressOn(page, 'Next');
  await expect(page.locator(PANEL).getByRole('heading', { name: 'Eight together' })).toBeFocused();
  await pressOn(page, 'Set it and measure');
  await expect(result(page)).toContainText(/in batches of 8 [\d.]+ requests\/s: [\d.]+ times/);
  expect((await snapshot(page))?.meanBatchFill).toBeGreaterThan(6);
  expect(await violations(page)).toEqual([]);

  await pressOn(page, 'Next');
  await pressOn(page, 'Set it and measure');
  await expect(result(page)).toContainText(/times the throughput of batches of 8/);
  await pressOn(page, 'To the question');
  await expect(page.locator(PANEL).getByRole('button', { name: 'Measure the answer' })).toBeDisabled();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(page.locator(PANEL).getByRole('radio', { checked: true })).toHaveCount(1);
  await pressOn(page, 'Measure the answer');
  await expect(result(page)).toContainText(
    /(Your prediction was (right|wrong)\.|Inconclusive: measure again\.) Round 1: [\d.]+ requests\/s with batches/,
  );
  await expect(page.locator(PANEL).locator('label[data-answer]')).toContainText('measured');

  await pressOn(page, 'Leave, my settings back');
  await expect.poll(() => inAddress(page, 'maxBatch')).toBe('5');
  expect(inAddress(page, 'policy')).toBe('continuous');
  await page.evaluate(() => {
    location.hash = '#lessons';
  });
  await expect(page.getByText(/done, prediction/)).toHaveCount(1);
});

test('each lesson opens, and its first step sets the page; leaving it in the middle is offered on the live page', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  for (const { name, title, steps } of LESSONS) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#lessons/${name}`);
    const panel = page.locator(PANEL);
    await expect(panel.getByRole('heading', { name: title })).toBeVisible();
    await panel.getByRole('button', { name: 'Set it and measure' }).click();
    const set = steps[0]?.trials[0]?.sets({});
    await expect.poll(() => inAddress(page, 'policy')).toBe(set?.serving.policy);
    await expect.poll(() => inAddress(page, 'concurrency')).toBe(String(set?.load.concurrency));
    await panel.getByRole('button', { name: 'Stop this step' }).click();
    await expect(panel.getByRole('button', { name: 'Set it and measure' })).toBeEnabled();
  }
  await page.evaluate(() => {
    location.hash = '#live';
  });
  await page.getByRole('button', { name: 'My settings back' }).click();
  await expect.poll(() => inAddress(page, 'arrival')).toBe('poisson');
  await page.evaluate(() => {
    location.hash = '#lessons/nothing';
  });
  await expect(page.getByText('There is no lesson “nothing”')).toBeVisible();
});
