import type { Route } from '@playwright/test';
import { expect, type Headway, rejection, test } from './support/headway-test';
import { IDENTITY_ONNX } from './support/tiny-onnx';

const MODEL_FILE = '**/models/mini-gpt/onnx/model.onnx';
const TOKENIZER = '**/models/mini-gpt/tokenizer.json';

/** The page is still usable: with the files as they should be, the model loads and answers. */
async function stillUsable({ page }: Headway): Promise<void> {
  await page.unrouteAll();
  const info = await page.evaluate(() => window.headway.loadModel({ model: 'mini-gpt', backend: 'wasm' }));
  expect(info.adapter.kind).toBe('wasm');
  const prompt = { id: 'a', prompt: 'She go home.', max_new_tokens: 4 };
  const [answer] = await page.evaluate((given) => window.headway.generate([given]), prompt);
  expect(answer?.tokens.length).toBeGreaterThan(0);
}

interface Broken {
  readonly what: string;
  readonly where: string;
  readonly answer: (route: Route) => Promise<void>;
  readonly says: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    what: 'a missing model file',
    where: MODEL_FILE,
    answer: (route) => route.fulfill({ status: 404, body: 'not here' }),
    says: /model\.onnx.*missing/i,
  },
  {
    what: 'a damaged model file',
    where: MODEL_FILE,
    answer: (route) => route.fulfill({ body: Buffer.from('this is no model at all') }),
    says: /model\.onnx/,
  },
  {
    what: 'a model file that ends too early',
    where: MODEL_FILE,
    answer: async (route) => {
      const body = await (await route.fetch()).body();
      await route.fulfill({ body: body.subarray(0, body.length / 2) });
    },
    says: /model\.onnx/,
  },
  {
    what: 'an ONNX file without the inputs of a decoder',
    where: MODEL_FILE,
    answer: (route) => route.fulfill({ body: IDENTITY_ONNX }),
    says: /no attention that is known/,
  },
  {
    what: 'a damaged tokenizer',
    where: TOKENIZER,
    answer: (route) => route.fulfill({ body: '{"model":' }),
    says: /tokenizer\.json/,
  },
];

test('what cannot be served is named, and the page stays usable', async ({ headway }) => {
  const { page, complaints } = headway;
  complaints.expect(/404|model\.onnx/);
  await test.step('WebGPU without an adapter, from the start', async () => {
    await headway.open({ backend: 'webgpu' });
    expect(await rejection(page.evaluate(() => window.headway.ready))).toMatch(/WebGPU/);
    await stillUsable(headway);
  });
  for (const { what, where, answer, says } of BROKEN) {
    await test.step(what, async () => {
      await page.route(where, answer);
      const loading = page.evaluate(() => window.headway.loadModel({ model: 'mini-gpt', backend: 'wasm' }));
      expect(await rejection(loading)).toMatch(says);
      await expect(page.getByText(says).first()).toBeVisible();
      await stillUsable(headway);
    });
  }
});

test('a wrong name, a long prompt and a bad parameter are refused with what is allowed, and change nothing', async ({
  headway,
}) => {
  const { page } = headway;
  const info = await headway.ready({ backend: 'wasm' });
  const prompt = 'The cat sat on the mat and looked at the dog. '.repeat(40);
  const long = await rejection(
    page.evaluate((given) => window.headway.generate([{ id: 'long', prompt: given }]), prompt),
  );
  expect(long).toMatch(/has \d{3} tokens/);
  expect(long).toContain(String(info.model.contextLength));

  const before = await page.evaluate(() => window.headway.configure({}));
  const bad = await rejection(page.evaluate(() => window.headway.configure({ maxWaitMs: 5, maxBatch: 0 })));
  expect(bad).toContain('--max-batch');
  expect(bad).toContain('a whole number from 1 to 256');
  expect(await page.evaluate(() => window.headway.configure({}))).toEqual(before);
  await stillUsable(headway);

  const wrong = await rejection(page.evaluate(() => window.headway.loadModel({ model: 'maxi-gpt' })));
  expect(wrong).toContain('maxi-gpt');
  expect(wrong).toContain('mini-gpt');
});
