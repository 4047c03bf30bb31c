import type { Locator, Page } from '@playwright/test';
import { LOAD_PARAMETERS } from '../src/core/load-config';
import { SERVING_PARAMETERS } from '../src/core/serving-config';
import { SLO_PARAMETERS } from '../src/core/slo-parameters';
import { LIVE_PRESETS, presetNamed, settingsOf } from '../src/store/presets';
import { START_SETTINGS } from '../src/store/settings';
import { violations } from './support/axe';
import {
  type AllSettings,
  button,
  calm,
  field,
  inForce,
  openPaused,
  pressStop,
  sees,
  slider,
  soon,
  type,
} from './support/controls';
import { configure, expect, snapshot, test } from './support/headway-test';

const status = async (page: Page) => (await snapshot(page))?.clients.status;
const sent = async (page: Page) => (await snapshot(page))?.totals.sent ?? 0;
const attained = async (page: Page) => (await snapshot(page))?.sloAttainment ?? Number.NaN;

const byKey = (target: Locator) => target.press('Enter');
const byPointer = (target: Locator) => target.click();

test('start, pause, burst and stop, by keys and by pointer, do what they say to what is sent', async ({
  headway,
}) => {
  const { page } = headway;
  await calm(page);
  await headway.ready({ backend: 'wasm', rate: '20', 'output-tokens': '4' });
  for (const act of [byKey, byPointer]) {
    await act(button(page, 'Start load'));
    await soon(() => status(page)).toBe('sending');
    await soon(() => sent(page)).toBeGreaterThan(5);
    await act(button(page, 'Pause'));
    await soon(() => status(page)).toBe('paused');
    await soon(async () => (await snapshot(page))?.inFlight).toBe(0);
    const before = await sent(page);
    await page.getByRole('combobox', { name: 'Requests of a burst' }).selectOption('50');
    await act(button(page, 'Burst of 50 requests'));
    await soon(async () => (await snapshot(page))?.totals.completed).toBe(before + 50);
    expect(await sent(page)).toBe(before + 50);
    await act(button(page, 'Resume'));
    await soon(() => sent(page)).toBeGreaterThan(before + 50);
    await act(button(page, 'Stop load'));
    await soon(() => status(page)).toBe('idle');
    await soon(async () => (await snapshot(page))?.inFlight).toBe(0);
    const { totals } = (await snapshot(page)) ?? {};
    expect(totals?.completed).toBe(totals?.sent);
  }

  // The objectives: what is judged by them, while the clients send.
  await page.keyboard.press('s');
  await soon(() => status(page)).toBe('sending');
  for (const parameter of Object.values(SLO_PARAMETERS)) {
    await button(page, 'Reset Objectives (SLO)').click();
    await type(page, 'Latency p95', 'ms', 'off');
    await soon(() => attained(page), 'none is set').toBeNaN();
    await slider(page, parameter.label).press('End');
    await soon(() => attained(page), `${parameter.name} by keys`).toBeGreaterThan(0.9);
    await type(page, parameter.label, parameter.unit, '1');
    // A token in a millisecond is within reach of the embedded model, a whole answer is not.
    const within = parameter.name === 'p95Ms' || parameter.name === 'ttftMs' ? 0.1 : 0.9;
    await soon(() => attained(page), `${parameter.name} by typing`).toBeLessThan(within);
    await pressStop(page, slider(page, parameter.label), 0);
    await soon(() => attained(page), `${parameter.name} by pointer`).toBeNaN();
  }

  // What the load's parameters do to what is sent and answered.
  await type(page, 'Rate', 'requests/s', '40');
  const rate = async () => (await snapshot(page))?.throughputRps ?? 0;
  await soon(rate, '40 requests a second').toBeGreaterThan(28);
  await type(page, 'Output tokens', 'tokens', '8');
  const tokens = async () => ((await snapshot(page))?.throughputTps ?? 0) / (await rate());
  await soon(async () => Math.abs((await tokens()) - 8), 'tokens of an answer, off 8').toBeLessThan(2);
});

test('the keys of the page, and one’s own sentence given up behind a long queue, by keys and by pointer', async ({
  headway,
}) => {
  const { page } = headway;
  await openPaused(headway);
  await button(page, 'Keys').focus();
  await page.keyboard.press('s');
  await soon(() => status(page)).toBe('idle');
  await soon(async () => (await snapshot(page))?.inFlight).toBe(0);
  await page.keyboard.press('s');
  await soon(() => status(page)).toBe('sending');
  await page.keyboard.press('p');
  await soon(() => status(page)).toBe('paused');
  await soon(async () => (await snapshot(page))?.inFlight).toBe(0);
  const before = await sent(page);
  await page.keyboard.press('b');
  await soon(() => sent(page)).toBe(before + 100);
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/#experiments$/);
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/#live$/);
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  await page.keyboard.press('d');
  await soon(scheme).toBe('light');
  await button(page, /^Light colours/).click();
  await soon(scheme).toBe('dark');
  await button(page, /^Dark colours/).press('Enter');
  await field(page, 'Max batch', 'requests').press('p');
  await field(page, 'Max batch', 'requests').press('Escape');
  expect(await status(page)).toBe('paused');
  await button(page, 'Keys').focus();
  await page.keyboard.press('Shift+?');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Use these keys' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(button(page, 'Keys')).toBeFocused();
  await page.keyboard.press('p');
  await button(page, 'Keys').click();
  await page.getByRole('checkbox', { name: 'Use these keys' }).click();
  await button(page, 'Close').click();
  expect(await status(page)).toBe('paused');

  // One's own sentence, given up behind a long queue.
  await configure(page, { policy: 'sequential', outputTokens: 64 });
  await page.evaluate(() => window.headway.burst(300));
  for (const act of [byKey, byPointer]) {
    await act(button(page, 'Send'));
    await act(button(page, 'Stop'));
    await expect(button(page, 'Stop')).toHaveCount(0);
  }
  await soon(async () => (await snapshot(page))?.totals.cancelled).toBe(2);
});

/** The settings before may have run long enough to leave points. */
async function clearPoints(page: Page, rows: Locator): Promise<void> {
  if ((await rows.count()) > 0) await button(page, 'Clear all').click();
  await expect(rows).toHaveCount(0);
}

test('presets, resets, the link, what was measured, and the sheet of a phone, by keys and by pointer', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPaused(headway);
  const list = page.getByRole('combobox', { name: 'Preset' });
  await list.press('ArrowDown');
  for (const [index, preset] of LIVE_PRESETS.slice(1).entries()) {
    if (index > 0) await list.selectOption(preset.title);
    const { serving, load } = settingsOf(preset, START_SETTINGS);
    await soon(() => inForce(page), preset.name).toEqual({ ...serving, ...load });
    await expect(page.getByText(preset.says)).toBeVisible();
  }
  await button(page, 'Copy link').press('Enter');
  await expect(button(page, 'Copied')).toBeVisible();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.searchParams.get('abandon-share')).toBe('0.5');
  // As in a context that is not secure.
  await page.evaluate(() => Reflect.deleteProperty(Navigator.prototype, 'clipboard'));
  await button(page, /^Cop/).click();
  await expect(page.getByText('the link stands in the address bar')).toBeVisible();
  expect(page.url()).toBe(link.href);

  const { serving, load } = settingsOf(presetNamed('impatient-clients'), START_SETTINGS);
  const impatient: AllSettings = { ...serving, ...load };
  const resets = [
    ['Scheduler', SERVING_PARAMETERS.policy],
    ['Load', LOAD_PARAMETERS.abandonShare],
    ['All settings', SERVING_PARAMETERS.maxWaitMs],
  ] as const;
  for (const act of [byKey, byPointer]) {
    for (const [title, parameter] of resets) {
      await list.selectOption('Impatient clients');
      await sees(page, 'of the preset', { [parameter.name]: impatient[parameter.name] });
      await act(button(page, `Reset ${title}`));
      await sees(page, 'reset', { [parameter.name]: parameter.default });
    }
  }

  // Points of two settings, the first left by a pause.
  await configure(page, { arrival: 'closed', concurrency: 8, outputTokens: 4 });
  // Of the table; the prediction on the chart has such a button as well.
  const rows = page.getByRole('row').getByRole('button', { name: /^Remove / });
  const leavePoint = async (count: number) => {
    await page.evaluate(() => window.headway.resumeLoad());
    await soon(async () => (await snapshot(page))?.windowMs ?? 0).toBeLessThan(3000);
    await soon(async () => (await snapshot(page))?.windowMs ?? 0).toBeGreaterThan(3300);
    await button(page, 'Pause').click();
    await expect(rows).toHaveCount(count);
  };
  await clearPoints(page, rows);
  await leavePoint(1);
  await rows.press('Enter');
  await expect(rows).toHaveCount(0);
  await leavePoint(1);
  await configure(page, { concurrency: 4 });
  await leavePoint(2);
  await rows.first().click();
  await expect(rows).toHaveCount(1);
  await button(page, 'Clear all').click();
  await expect(rows).toHaveCount(0);

  // On a phone the settings are a sheet, that nothing with the focus stands behind.
  await page.setViewportSize({ width: 390, height: 844 });
  const opener = button(page, 'Settings');
  await opener.press('Enter');
  await expect(button(page, 'Done')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button(page, 'Copy link')).toBeFocused();
  await slider(page, 'Max batch').press('Home');
  await sees(page, 'on a phone by keys', { maxBatch: 1 });
  await pressStop(page, slider(page, 'Max batch'), 2);
  await sees(page, 'on a phone by touch', { maxBatch: 4 });
  const send = button(page, 'Send');
  await send.focus();
  const sheet = await page.getByRole('complementary', { name: 'Settings' }).boundingBox();
  const box = await send.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(sheet?.y ?? 0);
  await slider(page, 'Max batch').press('Escape');
  await expect(opener).toBeFocused();
  await expect(button(page, 'Done')).toBeHidden();
  await opener.click();
  await button(page, 'Done').click();
  await expect(opener).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
