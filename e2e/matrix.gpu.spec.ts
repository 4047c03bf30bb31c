import { expect, test } from '@playwright/test';
import { type ModuleServer, serveModules } from './support/module-page';
import { type Asked, expectSameTokens, fewPrompts, playOnce, SCHEDULES } from './support/token-matrix';

test.setTimeout(600_000);

const SIZES = 'layers=4,hidden=128,heads=4,kv-heads=2,vocabulary=1024,context=128';
const prompts = Array.from({ length: 48 }, (_, row) =>
  Array.from({ length: 3 + ((row * 7) % 29) }, (_, i) => 4 + ((row * 131 + i * i * 37) % 1020)),
);
const schedules = fewPrompts(SCHEDULES);

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

for (const dtype of ['f32', 'f16', 'q4']) {
  test(`a real GPU says the same tokens in ${dtype} under each policy, with and without capture and subgroups`, async ({
    page,
  }) => {
    await modules.open(page);
    const asked: Asked = {
      model: `synthetic:${SIZES},dtype=${dtype}`,
      backend: 'webgpu',
      capture: false,
      prompts,
      maxNewTokens: 24,
    };
    // Half precision and 4 bits round otherwise on a CPU, so there the GPU is compared with itself, one prompt at a time.
    const alone = dtype === 'f32' ? { ...asked, backend: 'wasm' as const } : { ...asked, subgroups: false };
    const expected = await playOnce(page, alone);
    expect(new Set(expected.flat()).size).toBeGreaterThan(8);
    for (const capture of [true, false]) {
      for (const subgroups of [true, false]) {
        const { note } = await expectSameTokens(page, { ...asked, capture, subgroups }, expected, schedules);
        expect(note ?? '').not.toMatch(/without graph capture/);
      }
    }
  });
}
