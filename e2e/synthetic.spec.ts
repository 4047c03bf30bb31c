import { test } from '@playwright/test';
import { expectBackendContract } from './support/backend-contract';
import { type ModuleServer, serveModules } from './support/module-page';

const SIZES = 'synthetic:layers=2,hidden=64,heads=4,kv-heads=2,feed-forward=96,vocabulary=500,context=64';

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

for (const dtype of ['f32', 'f16', 'q4']) {
  test(`a synthetic model in ${dtype} gives each row the tokens that it gets alone, on WASM`, async ({
    page,
  }) => {
    await modules.open(page);
    await expectBackendContract(page, 'wasm', 6, `${SIZES},dtype=${dtype}`);
  });
}
