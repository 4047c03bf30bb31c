import type { Page } from '@playwright/test';
import { SCREENS, violations } from './support/axe';
import { configure, expect, rejection, snapshot, test } from './support/headway-test';
import { runTinySweep } from './support/tiny-sweep';

const completed = async (page: Page) => (await snapshot(page))?.totals.completed ?? 0;
/** Each colour scheme and each width once: the rest of the page is looked at elsewhere. */
const LOOKS = SCREENS.filter(({ colorScheme, width }) => (colorScheme === 'light') === width > 400);
const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });
const FAST = { policy: 'continuous', maxBatch: 8, arrival: 'closed', concurrency: 8 } as const;

test('no figure of another time, model or machine stands in the headline before there is one', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const headline = page.getByRole('region', { name: 'Headline figures' });
  await expect(headline).not.toContainText(/\d+(\.\d+)? (req|tok)\/s/);
  await expect(headline).toContainText('No load');
  for (const { colorScheme, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(page), `${colorScheme} ${width}`).toEqual([]);
  }
  await configure(page, FAST);
  await page.evaluate(() => window.headway.startLoad());
  await expect(headline).toContainText(/\d req\/s/);
  await expect(headline).toContainText('Closed loop');
  await page.evaluate(() => window.headway.stopLoad());
  await expect(headline).toContainText('Load stopped');
  await expect(headline).toContainText(/\d req\/s/);
});

test('without WebGPU the badge says why WASM serves', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'auto' });
  await page.getByRole('button', { name: 'CPU (WASM)' }).hover();
  await expect(page.getByRole('tooltip')).toContainText(
    /WebGPU.*figures say nothing|figures say nothing.*WebGPU/,
  );
  await expect(notices(page).getByText('WebGPU')).toHaveCount(0);
});

test('two tabs say that they spoil each other’s figures; the second waits to be asked, and nothing is measured', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, FAST);
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(() => completed(page)).toBeGreaterThan(20);

  const second = await page.context().newPage();
  await second.goto('./?backend=wasm');
  await second.waitForFunction(() => 'headway' in window);
  await second.evaluate(() => window.headway.ready);
  const [here, there] = [notices(page), notices(second)];
  await expect(there.getByText(/Another tab .* under load\..*none starts here by itself/)).toBeVisible();
  await expect(here.getByText(/open in another tab, too, with a model at rest/)).toBeVisible();
  expect((await snapshot(second))?.totals.sent ?? 0).toBe(0);
  expect(await rejection(runTinySweep(second))).toMatch(/Another tab of this page has a model under load/);

  await second.getByRole('button', { name: 'Start load' }).click();
  await expect(here.getByText(/Both share one machine/)).toBeVisible();
  await expect
    .poll(() => page.locator('svg title', { hasText: /^Now:/ }).last().textContent())
    .toContain('while another tab of the page was at work');
  await there.getByRole('button', { name: 'Pause the load here' }).click();
  await expect(here.getByText(/with a model at rest/)).toBeVisible();
  await second.close();
  await expect(here.getByText(/another tab/)).toHaveCount(0);

  // A headless browser hides no tab, so this one is told that it is.
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  await hide(false);
  await expect(here.getByText(/This tab was hidden for \d+ s under load/)).toBeVisible();
});

test('a full storage is said; the experiment goes on, is exported, and stays chosen on Compare', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  const run = await runTinySweep(page);
  expect(run.status).toEqual({ kind: 'finished' });
  await page.getByRole('link', { name: 'Experiments' }).click();
  await expect(page.getByRole('alert')).toContainText(/storage for this page is full.*goes on.*exported/);
  await page.getByRole('link', { name: /Tiny sweep/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await downloading).suggestedFilename()).toBe('tiny-sweep.zip');

  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await page.getByLabel('Run A, the reference').selectOption({ index: 1 });
  await page.getByLabel('Point of run A').selectOption({ index: 1 });
  const point = await page.getByLabel('Point of run A').inputValue();
  await page.getByRole('link', { name: 'Live' }).click();
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.getByLabel('Point of run A')).toHaveValue(point);

  const prevented = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['{}'], 'run.json'));
    return ['dragover', 'drop'].map((type) => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    });
  });
  expect(prevented).toEqual([true, true]);
  await expect(page.getByText('"run.json" was dropped where files are not read.')).toBeVisible();
});

test('a traffic worker that crashes or ends without a message is replaced, and the load goes on', async ({
  headway,
}) => {
  const { page, complaints } = headway;
  complaints.expect(/boom/);
  await headway.ready({ backend: 'wasm' });
  await configure(page, FAST);
  await page.evaluate(() => window.headway.startLoad());
  const workers = () => page.workers().filter((one) => one.url().includes('traffic-worker'));
  for (const { harm, says, counts } of [
    {
      harm: () =>
        void setTimeout(() => {
          throw new Error('boom');
        }),
      says: /The traffic worker crashed: Uncaught Error: boom/,
      counts: 'A worker failed once and was replaced.',
    },
    {
      harm: () => self.close(),
      says: /The traffic worker is frozen or gone: it was silent for 1\d\.\d s/,
      counts: 'A worker failed 2 times and was replaced.',
    },
  ]) {
    await expect.poll(() => completed(page)).toBeGreaterThan(20);
    const doomed = workers().at(-1);
    void doomed?.evaluate(harm).catch(() => {});
    await expect(page.getByText(says).first()).toBeVisible();
    await expect(page.getByText(counts)).toBeVisible();
    expect(workers()).toHaveLength(1);
    expect(workers()[0]).not.toBe(doomed);
  }
  // They count from 0, since the clients are new.
  await expect.poll(() => completed(page)).toBeGreaterThan(20);
  await page.evaluate(() => window.headway.stopLoad());
  const totals = (await snapshot(page))?.totals;
  expect(totals).toMatchObject({ completed: totals?.sent, failed: 0 });
});
