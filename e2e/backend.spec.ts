import { test } from '@playwright/test';
import { expectBackendContract } from './support/backend-contract';
import { type ModuleServer, serveModules } from './support/module-page';

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

test('the wasm backend gives each row the tokens that it gets alone', async ({ page }) => {
  await modules.open(page);
  await expectBackendContract(page, 'wasm', 8);
});
