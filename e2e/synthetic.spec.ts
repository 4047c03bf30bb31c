import { expectBackendContract } from './support/backend-contract';
import { configure, expect, rejection, snapshot, test } from './support/headway-test';
import { type ModuleServer, serveModules } from './support/module-page';

const SIZES = 'synthetic:layers=2,hidden=64,heads=4,kv-heads=2,feed-forward=96,vocabulary=500,context=64';

test.describe('each row gets the tokens that it gets alone', () => {
  let modules: ModuleServer;
  test.beforeAll(async () => {
    modules = await serveModules();
  });
  test.afterAll(() => modules.close());

  for (const dtype of ['f32', 'f16', 'q4']) {
    test(`in ${dtype}`, async ({ page }) => {
      await modules.open(page);
      await expectBackendContract(page, 'wasm', 6, `${SIZES},dtype=${dtype}`);
    });
  }
});

test('a shape is chosen, says what it takes, is made and loaded, and is called meaningless', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const models = page.getByRole('combobox', { name: 'Model' });
  await models.press('ArrowDown');
  const form = page.getByRole('form', { name: 'Synthetic model' });
  const shapes = form.getByRole('combobox', { name: 'Shape' });
  await shapes.press('ArrowDown');
  await expect(form).toContainText('41.7 M parameters');
  await shapes.selectOption('gpt2-124m');
  await expect(form).toContainText('124 M parameters · weights 494 MB · cache 37.7 MB a slot at context 512');
  await form.getByRole('radio', { name: 'f32' }).press('ArrowRight');
  await expect(form).toContainText('weights 247 MB');
  await form.getByText('4-bit').click();
  await expect(form).toContainText('weights 82.1 MB');

  await form.getByRole('combobox', { name: 'Shape' }).selectOption('Sizes of your own');
  const sizes = { Layers: 2, Width: 64, 'Head size': 16, Vocabulary: 500, Context: 64, 'Feed-forward': 96 };
  for (const [label, size] of Object.entries({ ...sizes, Heads: 4, 'KV heads': 3 })) {
    await form.getByLabel(label, { exact: true }).fill(String(size));
  }
  await expect(form.getByRole('alert')).toContainText('heads must be a multiple of kvHeads; given: 4 and 3.');
  await expect(form.getByRole('button', { name: 'Load' })).toBeDisabled();
  await form.getByLabel('KV heads').fill('2');
  await form.getByRole('button', { name: 'Load' }).click();

  await expect(page.getByRole('banner')).toContainText(`${SIZES},dtype=q4 on WebAssembly`);
  expect(decodeURIComponent(page.url())).toContain(`model=${SIZES},dtype=q4&`);
  await expect(page.getByText('each runs to the context of 64')).toBeVisible();
  await page.getByRole('button', { name: 'Force 32 tokens' }).click();
  await expect(page.getByText('each runs to the context of 64')).toBeHidden();

  await configure(page, { arrival: 'closed', concurrency: 4, maxBatch: 4 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.throughputTps ?? 0).toBeGreaterThan(0);
  await expect(page.getByText('Meaningless: random weights.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Your own sentence' }).fill('to be or not to be');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Yours' })).toContainText(/(⟨\d+⟩){20}/);
  await page.evaluate(() => window.headway.stopLoad());
  await models.selectOption('mini-gpt');
  await expect(page.getByRole('banner')).toContainText('mini-gpt on WebAssembly');
});

test('a link makes it, and the same name makes the same model', async ({ headway }) => {
  const { page } = headway;
  const prompts = [{ id: 'a', prompt: 'the cat sat', max_new_tokens: 8 }];
  const said = async () => {
    const [answer] = await page.evaluate((asked) => window.headway.generate(asked), prompts);
    expect(answer?.text).toMatch(/^(⟨\d+⟩){8}$/);
    return answer?.tokens;
  };
  const info = await headway.ready({ backend: 'wasm', model: SIZES });
  expect(info.model).toMatchObject({ name: SIZES, url: SIZES, contextLength: 64, vocabularySize: 500 });
  const first = await said();
  const load = (model: string) => page.evaluate((name) => window.headway.loadModel({ model: name }), model);
  const other = await load(`${SIZES},seed=2`);
  expect(other.model.sha256).not.toBe(info.model.sha256);
  expect(await said()).not.toEqual(first);
  expect((await load(`${SIZES},seed=1`)).model).toEqual(info.model);
  expect(await said()).toEqual(first);
});

test('one that WebAssembly has no room for is refused with the numbers, and the page stays usable', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.open({ backend: 'wasm', model: 'synthetic:qwen3-0.6b' });
  expect(await rejection(page.evaluate(() => window.headway.ready))).toContain(
    'synthetic:qwen3-0.6b needs 3.81 GB for its weights; WebAssembly allows 3.60 GB. synthetic:qwen3-0.6b,dtype=q4 would fit.',
  );
  const info = await page.evaluate((model) => window.headway.loadModel({ model }), SIZES);
  expect(info.model.name).toBe(SIZES);
});
