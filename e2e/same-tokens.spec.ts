import { POLICIES } from '../src/core/serving-config';
import { expect, test } from './support/headway-test';
import { type ModuleServer, serveModules } from './support/module-page';
import { tokensUnder } from './support/page-tokens';
import { prompts } from './support/prompts';
import { reference } from './support/reference';
import { expectSameTokens, PROMPTS } from './support/token-matrix';

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

test('WASM says the tokens of transformers.js under every policy, batch size and arrival', async ({
  page,
}) => {
  const asked = prompts(PROMPTS, 40);
  const { prompts: tokenized, answers } = await reference('mini-gpt', asked);
  expect(answers.every((tokens) => tokens.length > 0)).toBe(true);
  await modules.open(page);
  await expectSameTokens(
    page,
    { model: '/models/mini-gpt/', backend: 'wasm', capture: false, prompts: tokenized, maxNewTokens: 40 },
    answers,
  );
});

test('so does the page', async ({ headway }) => {
  const asked = prompts(PROMPTS, 40);
  await headway.ready({ backend: 'wasm' });
  const { answers } = await reference('mini-gpt', asked);
  for (const policy of POLICIES) {
    expect(await tokensUnder(headway.page, { policy, maxBatch: 5 }, asked), policy).toEqual(answers);
  }
});

test('two WASM threads say the tokens of one', async ({ headway }) => {
  const asked = prompts(16, 24);
  const { adapter } = await headway.ready({ backend: 'wasm', 'wasm-threads': '2' });
  expect(adapter.name).toBe('WebAssembly, 2 threads');
  const { answers } = await reference('mini-gpt', asked);
  for (const policy of POLICIES) {
    expect(await tokensUnder(headway.page, { policy, maxBatch: 5 }, asked), policy).toEqual(answers);
  }
});

test('answers come in the order of the prompts, with the text of their tokens', async ({ headway }) => {
  const asked = prompts(5, 24);
  await headway.ready({ backend: 'wasm' });
  const answers = await headway.page.evaluate((given) => window.headway.generate(given), asked);
  expect(answers.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
  for (const answer of answers) {
    expect(answer.prompt_tokens).toBeGreaterThan(2);
    expect(answer.text.length).toBeGreaterThan(0);
    expect(['stop', 'length']).toContain(answer.finish_reason);
    expect(answer.tokens.length).toBeLessThanOrEqual(24);
  }
});
