import { test } from '@playwright/test';
import { type ModuleServer, serveModules } from './support/module-page';
import { expectSamplingContract } from './support/sampling-contract';

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

test('on WASM a seed gives the same tokens alone, in any company, slot and chunks', async ({ page }) => {
  await modules.open(page);
  await expectSamplingContract(page, 'wasm', 12);
});
