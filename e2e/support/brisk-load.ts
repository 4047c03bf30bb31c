import type { Page } from '@playwright/test';
import { configure, expect, type Headway, snapshot } from './headway-test';

/** So small that WASM serves more of it than the page is promised to keep up with, beside the page on the same cores. */
const MODEL = 'synthetic:layers=1,hidden=32,heads=1,kv-heads=1,feed-forward=32,vocabulary=32,context=16';
/** Somewhat more than 500, since arrivals come at random. */
const RATE = 560;

/** Serves more than 500 requests a second from now on. */
export async function startBriskLoad(headway: Headway): Promise<void> {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', model: MODEL });
  await configure(page, {
    policy: 'continuous',
    maxBatch: 64,
    arrival: 'poisson',
    rate: RATE,
    outputTokens: 2,
  });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.throughputRps ?? 0).toBeGreaterThan(500);
}

/** Requests completed since the load began, and when that was so, ms. */
export async function completedOf(page: Page): Promise<{ readonly completed: number; readonly at: number }> {
  const { totals, at } = (await snapshot(page)) ?? {};
  return { completed: totals?.completed ?? 0, at: at ?? 0 };
}
