import { POLICIES } from '../src/core/serving-config';
import { expect, snapshot, test } from './support/headway-test';
import { expectSlidersToAct } from './support/live-sliders';
import { tokensUnder } from './support/page-tokens';
import { prompts } from './support/prompts';
import { reference } from './support/reference';

// The software adapter takes about a tenth of a second for one step.
test.setTimeout(600_000);

/** For what does not depend on what is said. */
const SMALL = 'synthetic:layers=1,hidden=32,heads=2,kv-heads=1,feed-forward=64,vocabulary=300,context=64';

test('WebGPU is named as what it is, and says the same tokens under every policy as transformers.js', async ({
  headway,
}) => {
  const { adapter } = await headway.ready({ backend: 'webgpu' });
  expect(adapter).toMatchObject({
    kind: 'webgpu',
    software: true,
    name: expect.stringMatching(/swiftshader/i),
  });
  await expect(headway.page.getByText(/software/i).first()).toBeVisible();
  const asked = prompts(16, 4);
  const { answers: expected } = await reference('mini-gpt', asked);
  for (const policy of POLICIES) {
    const some = asked.slice(0, policy === 'sequential' ? 3 : 16);
    const said = await tokensUnder(headway.page, { policy, maxBatch: 8 }, some);
    expect(said, policy).toEqual(expected.slice(0, some.length));
  }
});

test('load runs, sliders change the batches, and all that was sent is answered', async ({ headway }) => {
  await headway.ready({ backend: 'webgpu', model: SMALL });
  await expectSlidersToAct(headway, { concurrency: 16, outputTokens: 2, fills: [6, 3] });
});

test('the backend is chosen by pointer and by keys, and the worker computes on it', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm', model: SMALL });
  const banner = page.getByRole('banner');
  const choices = page.getByRole('radiogroup', { name: 'Backend' });
  // Buffers on the device can be counted where there is one.
  const buffers = async () => {
    await page.evaluate(() => window.headway.generate([{ id: 'a', prompt: 'to be', max_new_tokens: 2 }]));
    return (await snapshot(page))?.server.memory?.buffers ?? 0;
  };
  expect(await buffers()).toBe(0);
  await choices.getByText('WebGPU', { exact: true }).click();
  await expect(banner).toContainText(/SwiftShader/i);
  await expect.poll(buffers).toBeGreaterThan(20);
  await choices.getByRole('radio', { name: 'WebGPU' }).press('ArrowRight');
  await expect(banner).toContainText('on WebAssembly');
  await expect.poll(buffers).toBe(0);
  expect(new URL(page.url()).searchParams.get('backend')).toBe('wasm');
});
