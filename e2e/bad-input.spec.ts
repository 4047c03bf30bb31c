import type { Route } from '@playwright/test';
import { expect, type Headway, rejection, test } from './support/headway-test';
import { IDENTITY_ONNX } from './support/tiny-onnx';

const MODEL_FILE = '**/models/mini-gpt/onnx/model.onnx';

/** The page is still usable: with the files as they should be, the model loads and answers. */
async function stillUsable({ page }: Headway): Promise<void> {
  await page.unrouteAll();
  const info = await page.evaluate(() => window.headway.loadModel({ model: 'mini-gpt', backend: 'wasm' }));
  expect(info.adapter.kind).toBe('wasm');
  const prompt = { id: 'a', prompt: 'She go home.', max_new_tokens: 4 };
  const [answer] = await page.evaluate((given) => window.headway.generate([given]), prompt);
  expect(answer?.tokens.length).toBeGreaterThan(0);
}

const BROKEN: readonly { what: string; answer: (route: Route) => Promise<void>; says: RegExp }[] = [
  {
    what: 'a missing model file',
    answer: (route) => route.fulfill({ status: 404, body: 'not here' }),
    says: /model\.onnx.*missing/i,
  },
  {
    what: 'a damaged model file',
    answer: (route) => route.fulfill({ body: Buffer.from('this is no model at all') }),
    says: /model\.onnx/,
  },
  {
    what: 'a model file that ends too early',
    answer: async (route) => {
      const body = await (await route.fetch()).body();
      await route.fulfill({ body: body.subarray(0, body.length / 2) });
    },
    says: /model\.onnx/,
  },
  {
    what: 'an ONNX file without the inputs of a decoder',
    answer: (route) => route.fulfill({ body: IDENTITY_ONNX }),
    says: /input_ids/,
  },
];

for (const { what, answer, says } of BROKEN) {
  test(`${what} is named, and the page stays usable`, async ({ headway }) => {
    const { page, complaints } = headway;
    complaints.expect(/404|model\.onnx/);
    await page.route(MODEL_FILE, answer);
    await headway.open({ backend: 'wasm' });
    const sentence = await rejection(page.evaluate(() => window.headway.ready));
    expect(sentence).toMatch(says);
    await expect(page.getByText(says).first()).toBeVisible();
    await stillUsable(headway);
  });
}

test('a damaged tokenizer is named, and the page stays usable', async ({ headway }) => {
  const { page } = headway;
  await page.route('**/models/mini-gpt/tokenizer.json', (route) => route.fulfill({ body: '{"model":' }));
  await headway.open({ backend: 'wasm' });
  expect(await rejection(page.evaluate(() => window.headway.ready))).toMatch(/tokenizer\.json/);
  await stillUsable(headway);
});

test('a model that there is not is refused with those that there are', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const sentence = await rejection(page.evaluate(() => window.headway.loadModel({ model: 'maxi-gpt' })));
  expect(sentence).toContain('maxi-gpt');
  expect(sentence).toContain('mini-gpt');
});

test('forced WebGPU without an adapter is an error, and the page stays usable', async ({ headway }) => {
  const { page } = headway;
  await headway.open({ backend: 'webgpu' });
  expect(await rejection(page.evaluate(() => window.headway.ready))).toMatch(/WebGPU/);
  await stillUsable(headway);
});

test('a prompt longer than the context is refused with both lengths', async ({ headway }) => {
  const { page } = headway;
  const info = await headway.ready({ backend: 'wasm' });
  const prompt = 'The cat sat on the mat and looked at the dog. '.repeat(40);
  const sentence = await rejection(
    page.evaluate((given) => window.headway.generate([{ id: 'long', prompt: given }]), prompt),
  );
  expect(sentence).toContain(String(info.model.contextLength));
  await stillUsable(headway);
});

test('a parameter that is not allowed changes nothing', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const before = await page.evaluate(() => window.headway.configure({}));
  const sentence = await rejection(
    page.evaluate(() => window.headway.configure({ maxWaitMs: 5, maxBatch: 0 })),
  );
  expect(sentence).toContain('--max-batch');
  expect(sentence).toContain('a whole number from 1 to 64');
  expect(await page.evaluate(() => window.headway.configure({}))).toEqual(before);
});
