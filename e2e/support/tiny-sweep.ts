import type { Page } from '@playwright/test';

/** A grid that is measured in seconds. */
export const TINY_SWEEP = {
  name: 'Tiny sweep',
  seed: 3,
  repeats: 2,
  requests: 24,
  base: { policy: 'static', arrival: 'closed', concurrency: 8, outputTokens: 4 },
  grid: { maxBatch: [1, 4], maxWaitMs: [0, 10] },
  baseline: { policy: 'sequential' },
};

/** Measures it in the page that is open, with a model ready. */
export const runTinySweep = (page: Page) =>
  page.evaluate((grid) => window.headway.runSweep(grid), TINY_SWEEP);
