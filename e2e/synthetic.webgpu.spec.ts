import type { Page } from '@playwright/test';
import { configure, expect, rejection, test } from './support/headway-test';

// The software adapter takes some 50 ms for one step.
test.setTimeout(240_000);

const SIZES = 'synthetic:layers=1,hidden=64,heads=4,kv-heads=2,feed-forward=96,vocabulary=500,context=32';

const load = (page: Page, model: string, backend: 'wasm' | 'webgpu') =>
  page.evaluate((choice) => window.headway.loadModel(choice), { model, backend });

const PROMPTS = ['the cat sat on the mat', 'to be or not', 'go'].map((prompt, i) => ({
  id: String(i),
  prompt,
  max_new_tokens: 3,
}));

async function tokens(page: Page, policy: 'sequential' | 'continuous') {
  await configure(page, { policy, maxBatch: 4 });
  const answers = await page.evaluate((prompts) => window.headway.generate(prompts), PROMPTS);
  return answers.map((answer) => answer.tokens);
}

test('f16 is refused without shader-f16, a large one with the numbers, and small ones say what WASM says', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.open({ backend: 'webgpu', model: `${SIZES},dtype=f16` });
  expect(await rejection(page.evaluate(() => window.headway.ready))).toMatch(
    /lacks shader-f16\. Choose dtype f32 or q4\./,
  );
  const large = 'synthetic:layers=1,hidden=16384,heads=128,vocabulary=1000000';
  expect(await rejection(load(page, large, 'webgpu'))).toMatch(
    /needs 65\.54 GB in one buffer for its largest weight; this adapter allows [\d.]+ [MG]B\. synthetic:\S+ would fit\./,
  );
  for (const dtype of ['f32', 'q4']) {
    await load(page, `${SIZES},dtype=${dtype}`, 'wasm');
    const expected = await tokens(page, 'sequential');
    expect(new Set(expected.flat()).size).toBeGreaterThan(3);
    const { note } = await load(page, `${SIZES},dtype=${dtype}`, 'webgpu');
    expect(note).not.toContain('without graph capture');
    expect(await tokens(page, 'continuous'), `${dtype}, together`).toEqual(expected);
    expect(await tokens(page, 'sequential'), `${dtype}, alone`).toEqual(expected);
  }
});
