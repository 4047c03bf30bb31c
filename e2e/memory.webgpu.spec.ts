import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { DEFAULT_LOAD_CONFIG } from '../src/load/load-config';
import { expect, snapshot, test } from './support/headway-test';

test.setTimeout(300_000);

/** So small that the software adapter serves thousands. */
const MODEL = 'synthetic:layers=1,hidden=32,heads=1,kv-heads=1,feed-forward=32,vocabulary=32,context=16';

test('2,000 requests leave as many buffers and bytes on the GPU as there were', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'webgpu', model: MODEL });
  const serve = (requests: number) =>
    page.evaluate((asked) => window.headway.runExperiment(asked), {
      serving: { ...DEFAULT_SERVING_CONFIG, policy: 'continuous' as const, maxBatch: 64 },
      load: { ...DEFAULT_LOAD_CONFIG, concurrency: 160, outputTokens: '1:3' as const },
      slo: { p95Ms: null, ttftMs: null },
      requests,
      durationS: null,
      repeats: 1,
    });
  const memory = async () => {
    const { memory: use } = (await snapshot(page))?.server ?? {};
    expect(use?.buffers).toBeGreaterThan(20);
    return use ?? { buffers: 0, bytes: 0 };
  };
  // Until every shape of a pass has been seen: onnxruntime keeps buffers of each size for the next, and then no more.
  await serve(2000);
  const before = await memory();
  await serve(2000);
  const after = await memory();
  // Near two hundred passes: one buffer lost in each would be as many more. Shapes that are new bring some, 41 seen.
  expect(after.buffers).toBeLessThanOrEqual(before.buffers + 90);
  expect(after.bytes).toBeLessThanOrEqual(1.1 * before.bytes);
  await expect(page.getByText(/On the GPU: \d+ buffers, /)).toBeVisible();
});
