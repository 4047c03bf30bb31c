import { DEFAULT_LOAD_CONFIG } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { expect, snapshot, test } from './support/headway-test';

test.setTimeout(300_000);

/** So small that the software adapter serves thousands. */
const MODEL = 'synthetic:layers=1,hidden=32,heads=1,kv-heads=1,feed-forward=32,vocabulary=32,context=16';

const ROUND = 500;

test('thousands of requests leave as many buffers and bytes on the GPU as there were', async ({
  headway,
}) => {
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
  await serve(ROUND);
  let before = await memory();
  // onnxruntime keeps the buffers of each size of a pass for the next: new sizes add some, until all have been seen. One lost
  // in each pass would be fifty more in every round.
  for (let round = 2; ; round += 1) {
    await serve(ROUND);
    const after = await memory();
    const stands = after.buffers <= before.buffers + 5 && after.bytes <= 1.01 * before.bytes;
    if (stands && round * ROUND >= 2000) break;
    expect(round, 'rounds after which memory on the GPU still grew').toBeLessThan(12);
    before = after;
  }
  await expect(page.getByText(/On the GPU: \d+ buffers, /)).toBeVisible();
});
