import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { violations } from './support/axe';
import { expect, test } from './support/headway-test';
import { runTinySweep, TINY_SWEEP } from './support/tiny-sweep';

/** Settings of the tiny sweep, its baseline included. */
const POINTS = 5;

const results = (page: Page) =>
  page.getByRole('region', { name: 'Results of each setting' }).locator('tbody').textContent();

test('a run grows on the page, is exported, opens from disk, and is read back in another browser', async ({
  headway,
  browser,
}, testInfo) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.getByRole('link', { name: 'Experiments' }).click();
  const run = runTinySweep(page);
  const underWay = page.getByRole('region', { name: 'Experiment under way' });
  await expect(underWay).toContainText(/of 10 measured/);
  await run;
  await expect(underWay).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Tiny sweep' })).toBeVisible();

  const table = page.getByRole('region', { name: 'Results of each setting' });
  await expect(table.locator('tbody tr')).toHaveCount(POINTS);
  const plot = page.getByRole('region', { name: 'Throughput against max batch' });
  await plot.scrollIntoViewIfNeeded();
  // A mark with its bar for each setting.
  await expect(plot.locator('.recharts-surface g > title')).toHaveCount(POINTS);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('tiny-sweep.zip');
  const zip = testInfo.outputPath('tiny-sweep.zip');
  await download.saveAs(zip);
  const files = unzipSync(readFileSync(zip));
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      'batch_sweep.csv',
      'requests.csv',
      'manifest.json',
      'checks.json',
      'run.json',
      'report.html',
      'throughput_vs_batch.png',
      'p95_vs_batch.png',
      'latency_cdf.png',
      'batch_fill.png',
    ]),
  );

  await test.step('the report opens from disk, with charts and the figures of the JSON', async () => {
    const report = testInfo.outputPath('report.html');
    writeFileSync(report, files['report.html'] ?? new Uint8Array());
    const context = await browser.newContext();
    const opened = await context.newPage();
    const errors: string[] = [];
    opened.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await opened.goto(pathToFileURL(report).href);
    expect(await opened.locator('main > figure').count()).toBeGreaterThanOrEqual(4);
    const point = opened.locator('figure').first().locator('.point').first();
    await expect(point.locator('.tip')).toBeHidden();
    await point.locator('.hit').hover();
    await expect(point.locator('.tip')).toBeVisible();
    await expect(point.locator('.tip')).toContainText('Throughput, requests/s');
    const colours: (string | undefined)[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await opened.emulateMedia({ colorScheme });
      colours.push(await opened.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(colours).size).toBe(2);
    await expect(opened.locator('code')).toContainText('npm run headway -- sweep --grid grid.json');
    const shown = await opened.evaluate(figuresOfReport);
    expect(Object.keys(shown.table)).toHaveLength(POINTS);
    for (const row of shown.json) {
      const figures = shown.table[row.setting as string] ?? {};
      expect(Object.keys(figures).length).toBeGreaterThan(5);
      for (const [name, value] of Object.entries(figures)) expect(value, name).toBe(row[name]);
    }
    const whole = JSON.parse(strFromU8(files['run.json'] ?? new Uint8Array()));
    expect(shown.units).toEqual(whole.units.map(({ summary }: { summary: unknown }) => summary));
    expect(errors).toEqual([]);
    await context.close();
  });

  await test.step('read back elsewhere it is the same', async () => {
    const before = await results(page);
    const context = await browser.newContext();
    const fresh = await context.newPage();
    await fresh.goto(`${new URL(page.url()).origin}/?autostart=off&backend=wasm#experiments`);
    await expect(fresh.getByText('None yet.')).toBeVisible();
    const choosing = fresh.waitForEvent('filechooser');
    await fresh.getByRole('button', { name: 'Import' }).click();
    await (await choosing).setFiles(zip);
    await expect(fresh.getByRole('heading', { name: 'Tiny sweep' })).toBeVisible();
    expect(await results(fresh)).toBe(before);
    // It is kept: a reload shows it again.
    await fresh.reload();
    await expect(fresh.getByRole('heading', { name: 'Tiny sweep' })).toBeVisible();
    expect(await results(fresh)).toBe(before);
    await context.close();
  });
});

test('a run is renamed, compared with its own baseline, and deleted after a question', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await runTinySweep(page);
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('link', { name: /Tiny sweep/ }).click();
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('Mine');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Mine' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Mine' })).toBeVisible();
  await page.getByRole('link', { name: 'Compare points' }).click();
  await expect(page.getByRole('rowheader', { name: 'Latency p95, ms' })).toHaveCount(POINTS - 1);
  await page.goBack();
  await page.getByRole('button', { name: 'Delete' }).click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByRole('link', { name: /Mine/ })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: /Mine/ })).toBeHidden();
  await page.reload();
  await expect(page.getByText('None yet.')).toBeVisible();
});

test('paused, resumed and cancelled by hand; what is measured stays', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.evaluate((grid) => void window.headway.runSweep(grid), { ...TINY_SWEEP, requests: 120 });
  const underWay = page.getByRole('region', { name: 'Experiment under way' });
  await expect(underWay).toContainText(/[1-9] of 10 measured/);
  await expect(underWay).toContainText(/about .* left/);
  await underWay.getByRole('button', { name: 'Pause' }).click();
  await expect(underWay).toContainText('paused');
  const measured = await page.evaluate(() => window.headway.runs()[0]?.units ?? 0);
  expect(measured).toBeGreaterThan(0);
  await underWay.getByRole('button', { name: 'Resume' }).click();
  await expect
    .poll(() => page.evaluate(() => window.headway.runs()[0]?.units ?? 0))
    .toBeGreaterThan(measured);
  await underWay.getByRole('button', { name: 'Cancel' }).click();
  await expect(underWay).toBeHidden();
  expect(await page.evaluate(() => window.headway.runs()[0]?.status)).toEqual({ kind: 'cancelled' });
  await expect(page.getByRole('region', { name: 'Results of each setting' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeEnabled();
});

test('a grid is built on the page: what is wrong is said at its field, and what is right is measured', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', 'output-tokens': '4', concurrency: '4' });
  await page.getByRole('link', { name: 'Experiments' }).click();
  const start = page.getByRole('button', { name: 'Start the grid' });
  await page.getByRole('textbox', { name: 'Values of Max batch' }).fill('1, 999');
  await expect(page.getByText('must be a whole number from 1 to 256; given: 999.')).toBeVisible();
  await expect(start).toBeDisabled();
  await page.getByRole('textbox', { name: 'Values of Max batch' }).fill('1, 4');
  await page.getByRole('textbox', { name: 'Values of Policy' }).fill('static');
  await page.getByRole('textbox', { name: 'Requests' }).fill('20');
  await page.getByRole('textbox', { name: 'Repeats' }).fill('1');
  await expect(page.getByText('2 points')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await start.click();
  await expect(page.getByRole('heading', { name: 'Grid of Max batch and Policy' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Experiment under way' })).toBeHidden();
  await expect(page.getByRole('region', { name: 'Results of each setting' }).locator('tbody tr')).toHaveCount(
    2,
  );
  // The model was timed before the experiment, so durations are of this machine.
  await expect(page.getByText(/about [\d.,]+ (s|min|h) here/).first()).toBeVisible();
});

test('a file that is no run is refused with its reason, dropped as well as picked', async ({ headway }) => {
  const { page } = headway;
  await headway.open({ backend: 'wasm' });
  await page.goto('#experiments');
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{"format":"other"}'], 'other.json', { type: 'application/json' }));
    return data;
  });
  await page.getByRole('region', { name: /Drop a run/ }).dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('alert')).toContainText('other.json is no experiment that this page can read');
});

test('the live page stays as it is while another is looked at', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.evaluate(() => window.headway.startLoad());
  const chart = page.locator('main .recharts-surface').first();
  await expect(chart).toBeVisible();
  await chart.evaluate((element) => element.setAttribute('data-seen', ''));
  await page.getByRole('link', { name: 'Experiments' }).click();
  await expect(chart).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Kept runs' })).toBeVisible();
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByRole('heading', { name: 'Throughput against tail latency' })).toBeVisible();
  await chart.evaluate((element) => element.setAttribute('data-seen', ''));
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.locator('main .recharts-surface[data-seen]')).toBeVisible();
});

/** Runs in the report. The table's figures to the last digit, and those of the JSON in it. */
function figuresOfReport() {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('tr[data-setting]')].map((row) => {
    const figures = [...row.querySelectorAll<HTMLDataElement>('data')].map((data) => [
      data.dataset.figure ?? '',
      Number(data.value),
    ]);
    return [row.dataset.setting ?? '', Object.fromEntries(figures)];
  });
  const digest = JSON.parse(document.querySelector('#headway-run')?.textContent ?? '');
  return {
    table: Object.fromEntries(rows) as Record<string, Record<string, number>>,
    json: digest.results as Record<string, number | string | null>[],
    units: digest.units.map(({ summary }: { summary: unknown }) => summary) as unknown[],
  };
}
