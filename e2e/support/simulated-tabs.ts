import { expect, type Page } from '@playwright/test';
import { TINY_SWEEP } from './tiny-sweep';

interface Tab {
  readonly name: string;
  /** Brings about what the tab shows, and waits for it to stand there. */
  readonly show: (page: Page) => Promise<void>;
}

/** The list of samples and a still slot timeline are drawn anew once a second of real time: the last of it is to be seen. */
const DRAWN_MS = 2500;

const chart = (page: Page) => page.locator('main .recharts-surface:visible').first();

/** Twenty seconds of load under three settings, the last of which cannot keep up. */
async function live(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { headway, simulate } = window;
    await headway.loadModel({ backend: 'wasm' });
    await headway.configure({ policy: 'continuous', maxBatch: 8, arrival: 'poisson', rate: 40 });
    await headway.configure({ outputTokens: '4:24' });
    await headway.startLoad();
    await simulate(Promise.resolve(), 8);
    await simulate(headway.configure({ policy: 'static', maxWaitMs: 20 }), 6);
    await simulate(headway.configure({ maxBatch: 2, timeoutMs: 600 }), 6);
  });
  await expect(chart(page)).toBeVisible();
  await page.waitForTimeout(DRAWN_MS);
}

/** A finished run, opened. */
async function experiments(page: Page): Promise<void> {
  await page.evaluate(async (grid) => {
    const { headway, simulate } = window;
    await simulate(headway.stopLoad());
    await simulate(headway.runSweep(grid));
  }, TINY_SWEEP);
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('link', { name: /Tiny sweep/ }).click();
  await expect(chart(page)).toBeVisible();
}

/** Two points of it, side by side. */
async function compare(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await page.getByLabel('Run A, the reference').selectOption({ index: 1 });
  await page.getByLabel('Point of run A').selectOption({ index: 1 });
  await page.getByLabel('Run B', { exact: true }).selectOption({ index: 1 });
  await expect(page.getByRole('rowheader', { name: 'Latency p95, ms' }).first()).toBeVisible();
}

async function lessons(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Lessons' }).click();
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
}

/** The first one, with its first step measured. */
async function lesson(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
  const panel = page.getByRole('region', { name: 'Lesson' });
  await panel.getByRole('button', { name: 'Set it and measure' }).click();
  await page.evaluate(() => window.simulate(Promise.resolve(), 15));
  await expect(panel.getByRole('status')).toContainText('requests/s');
  await page.waitForTimeout(DRAWN_MS);
}

/** In this order: what one has brought about, the next one finds. */
export const TABS: readonly Tab[] = [
  { name: 'live', show: live },
  { name: 'experiments', show: experiments },
  { name: 'compare', show: compare },
  { name: 'lessons', show: lessons },
  { name: 'lesson', show: lesson },
];
