import { expect, test } from '@playwright/test';
import { type ModuleServer, serveModules } from './support/module-page';
import { asked, reference } from './support/tiny-model';
import { expectSameTokens, fewPrompts, SCHEDULES } from './support/token-matrix';

// Few prompts, but every schedule; all 64 prompts under each take the software adapter minutes: same-tokens.long.spec.ts.
test.setTimeout(600_000);
const schedules = fewPrompts(SCHEDULES);

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

test('captured, WebGPU says the tokens of WASM under every policy, batch size and arrival', async ({
  page,
}) => {
  const expected = await reference(page, modules);
  await modules.open(page);
  const { note } = await expectSameTokens(page, asked('webgpu', true), expected, schedules);
  expect(note).not.toMatch(/without graph capture/);
});

test('uncaptured, too', async ({ page }) => {
  const expected = await reference(page, modules);
  await modules.open(page);
  const some = schedules.filter(({ config }) => config.maxBatch === 5);
  await expectSameTokens(page, asked('webgpu', false), expected, some);
});
