import { POLICIES } from '../src/core/serving-config';
import { configure, expect, snapshot, test } from './support/headway-test';
import { tokensUnder } from './support/page-tokens';
import { prompts } from './support/prompts';
import { reference } from './support/reference';

const { platform, env } = process;
const headless = platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
test.skip(headless, 'There is no display, and headless Chromium gives only a software adapter.');

test.beforeEach(async ({ headway }) => {
  await headway.open();
  const found = await headway.page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) return 'WebGPU finds no adapter on this machine.';
    const { isFallbackAdapter, vendor, architecture } = adapter.info;
    return isFallbackAdapter ? `The adapter is ${vendor} ${architecture}, which computes on the CPU.` : null;
  });
  test.skip(found !== null, found ?? '');
});

test('a real GPU says the same tokens under every schedule as transformers.js', async ({ headway }) => {
  const asked = prompts(64, 32);
  const { adapter, note } = await headway.ready({ backend: 'webgpu' });
  expect(adapter).toMatchObject({ kind: 'webgpu', software: false });
  expect(note, 'graph capture is on').toBeNull();
  const { answers: expected } = await reference('mini-gpt', asked);
  for (const policy of POLICIES) {
    for (const maxBatch of [1, 2, 3, 5, 8, 16]) {
      const said = await tokensUnder(headway.page, { policy, maxBatch }, asked);
      expect(said, `${policy}, max batch ${maxBatch}`).toEqual(expected);
    }
  }
});

test('a real GPU serves a load and loses nothing', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'webgpu' });
  await configure(page, { policy: 'continuous', maxBatch: 16, arrival: 'closed', concurrency: 32 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(200);
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const totals = (await snapshot(page))?.totals;
  expect(totals).toMatchObject({ completed: totals?.sent, failed: 0, rejected: 0 });
});
