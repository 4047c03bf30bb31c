import { expect, test } from '@playwright/test';
import { type ModuleServer, serveModules } from './support/module-page';
import { asked, reference } from './support/tiny-model';
import { expectSameTokens } from './support/token-matrix';

test.setTimeout(3_600_000);

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

for (const capture of [true, false]) {
  test(`WebGPU, ${capture ? '' : 'un'}captured, says the tokens of WASM to 64 prompts under every schedule`, async ({
    page,
  }) => {
    const expected = await reference(page, modules);
    await modules.open(page);
    const { note } = await expectSameTokens(page, asked('webgpu', capture), expected);
    expect(note).not.toMatch(/without graph capture/);
  });
}
