import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { configure, expect, snapshot, test } from './support/headway-test';

const AZURE =
  'TIMESTAMP,ContextTokens,GeneratedTokens\r\n' +
  '2023-11-16 18:17:03.9799600,40,4\r\n' +
  '2023-11-16 18:17:04.0319601,3180,8\r\n' +
  '2023-11-16 18:17:04.4799600,11,3';

const BURSTGPT =
  'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n' +
  '5,GPT-4,3,4,7,API log\n9,GPT-4,3,0,3,API log\n8,GPT-4,6,2,8,API log\n4,GPT-4,6,2,8,API log\n';

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

const area = (page: Page) => page.locator('label', { hasText: 'trace, or drop it here' });
const facts = (page: Page) => page.getByRole('region', { name: 'Trace' });

/** The page has nothing to do. */
const settled = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => setTimeout(resolve, 200))));

/** As a person's drop arrives: an event with a file that the page did not make. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([given.text], given.name));
      return transfer;
    },
    { name, text },
  );
  await area(page).dispatchEvent('dragover', { dataTransfer });
  await area(page).dispatchEvent('drop', { dataTransfer });
}

test('a trace is chosen, previewed and played', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await page.getByLabel('Arrival', { exact: true }).selectOption('trace');
  await expect(page.getByText('Nothing is sent until there is one.')).toBeVisible();
  await page.evaluate(() => window.headway.startLoad());

  const chooser = page.waitForEvent('filechooser');
  await area(page).click();
  await (await chooser).setFiles(file('azure.csv', AZURE));
  await expect(facts(page)).toContainText('azure.csv');
  await expect(facts(page)).toContainText('Azure LLM inference');
  await expect(facts(page)).toContainText(/Requests\s*3/);
  await expect(facts(page)).toContainText(/Prompt tokens\s*p50 40, max 3,180/);
  await expect(facts(page)).toContainText(/Too long for 128, cut\s*1/);
  // Live, it is played again and again.
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(6);
  expect((await snapshot(page))?.totals.failed).toBe(0);

  await configure(page, { traceToS: 0.4, timeScale: 10 });
  await expect(facts(page)).toContainText(/Requests\s*2 of 3/);
  expect(await violations(page)).toEqual([]);
});

test('by keyboard, by dropping, and a wrong one is named with its line', async ({ headway }) => {
  const { page } = headway;
  await headway.open({ backend: 'wasm', arrival: 'trace' });
  const chooser = page.waitForEvent('filechooser');
  await page.locator('input[type=file]').focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(file('burst.csv', BURSTGPT));
  await expect(facts(page)).toContainText('BurstGPT');
  await expect(facts(page)).toContainText(/Without a token, left out\s*1/);
  await expect(facts(page)).toContainText(/Out of order, sorted\s*1/);

  await drop(page, 'wrong.csv', `${BURSTGPT}10,GPT-4,many,2,8,API log\n`);
  await expect(page.getByRole('alert')).toHaveText(/wrong\.csv, line 6: Request tokens must be .*"many"/);
  await expect(facts(page)).toContainText('burst.csv');
  await drop(page, 'azure.csv', AZURE);
  await expect(facts(page)).toContainText('azure.csv');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a hundred thousand requests are read without the page standing still', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', arrival: 'trace' });
  const lines = Array.from(
    { length: 100_000 },
    (_, row) => `${row / 10},${1 + (row % 90)},${1 + (row % 30)}`,
  );
  const text = ['arrived_at,num_prefill_tokens,num_decode_tokens', ...lines].join('\n');
  await page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(window, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
  });
  // Handing the text to the page takes it long; only what follows counts.
  const dataTransfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([given], 'long.csv'));
    return transfer;
  }, text);
  await settled(page);
  await page.evaluate(() => {
    (window as unknown as { longest: { ms: number } }).longest.ms = 0;
  });
  const dropped = Date.now();
  await area(page).dispatchEvent('drop', { dataTransfer });
  await expect(facts(page)).toContainText('100,000');
  const took = Date.now() - dropped;
  await expect(facts(page)).toContainText(/max 90/);
  await settled(page);
  const longest = await page.evaluate(() => (window as unknown as { longest: { ms: number } }).longest.ms);
  // A page that read it by itself would stand still all the while; on a machine that is short of time all takes longer.
  expect(longest).toBeLessThan(Math.max(150, took / 4));
});
