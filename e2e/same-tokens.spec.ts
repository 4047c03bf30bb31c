import { expect, test } from './support/headway-test';
import { prompts } from './support/prompts';
import { referenceTokens } from './support/reference';
import { SCHEDULES, tokensUnder } from './support/schedules';

test('WASM says the same tokens under every schedule, and transformers.js too', async ({ headway }) => {
  const asked = prompts(48, 40);
  await headway.ready({ backend: 'wasm' });
  const expected = await referenceTokens('mini-gpt', asked);
  expect(expected.every((tokens) => tokens.length > 0)).toBe(true);
  for (const schedule of SCHEDULES) {
    expect(await tokensUnder(headway.page, schedule, asked), schedule.name).toEqual(expected);
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
