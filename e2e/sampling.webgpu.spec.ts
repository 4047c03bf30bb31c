import { expect, test } from '@playwright/test';
import { type ModuleServer, serveModules } from './support/module-page';
import { expectSamplingContract } from './support/sampling-contract';

let modules: ModuleServer;
test.beforeAll(async () => {
  modules = await serveModules();
});
test.afterAll(() => modules.close());

/** Rows of many shapes of distribution, drawn from by the kernel and by the CPU. Runs in the page. */
async function drawBoth({ vocabulary, rows, rounds }: { vocabulary: number; rows: number; rounds: number }) {
  const folder: string = '/src/runtime/sampling';
  const [{ GpuSampler }, { drawToken }, { drawOf }] = (await Promise.all(
    ['gpu-sampler', 'draw-token', 'draw'].map((name) => import(/* @vite-ignore */ `${folder}/${name}.ts`)),
  )) as [
    typeof import('../src/runtime/sampling/gpu-sampler'),
    typeof import('../src/runtime/sampling/draw-token'),
    typeof import('../src/runtime/sampling/draw'),
  ];
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('There is no adapter.');
  const device = await adapter.requestDevice();
  const complaints: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => complaints.push(error.message));

  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const oddities = [0, -0, 1e-42, -1e-42, Number.NEGATIVE_INFINITY, Number.NaN, 3e38, -3e38];

  const sampler = new GpuSampler(device, vocabulary);
  const logits = sampler.logits(rows);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const chosen = device.createBuffer({ size: rows * 8, usage });
  const result = { drawn: 0, greedy: 0, differ: [] as string[], tokens: new Set<number>(), complaints };
  for (let round = 0; round < rounds; round++) {
    const values = new Float32Array(rows * vocabulary);
    const draws = Array.from({ length: rows }, (_, row) => {
      const spread = pick([0, 0.01, 1, 4, 20, 1e4]);
      const grain = pick([0, 0, 0.5, 0.01]);
      for (let id = 0; id < vocabulary; id++) {
        const logit = (random() + random() + random() - 1.5) * spread;
        values[row * vocabulary + id] = grain ? Math.round(logit / grain) * grain : logit;
      }
      if (random() < 0.1) {
        for (let i = 0; i < 20; i++)
          values[row * vocabulary + Math.floor(random() * vocabulary)] = pick(oddities);
      }
      if (random() < 0.1) return null;
      const sampling = {
        temperature: pick([1e-3, 0.2, 0.7, 1, 1.3, 5]),
        topK: pick([0, 0, 1, 2, 50, 1000]),
        topP: pick([1, 1, 0.001, 0.5, 0.9, 0.999]),
        seed: Math.floor(random() * 2 ** 32),
      };
      const draw = drawOf(sampling, row);
      return random() < 0.1 ? { ...draw, uniform: pick([0, 1, 2 ** 32 - 1]) } : draw;
    });
    device.queue.writeBuffer(logits, 0, values);
    device.queue.writeBuffer(chosen, 0, new BigInt64Array(rows).fill(-7n));
    const encoder = device.createCommandEncoder();
    sampler.encode(encoder, draws, chosen);
    const staging = device.createBuffer({
      size: rows * 8,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    encoder.copyBufferToBuffer(chosen, 0, staging, 0, rows * 8);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const tokens = Array.from(new BigInt64Array(staging.getMappedRange()), Number);
    staging.destroy();
    draws.forEach((draw, row) => {
      const expected = draw ? drawToken(values.subarray(row * vocabulary, (row + 1) * vocabulary), draw) : -7;
      const found = tokens[row] as number;
      if (draw) {
        result.drawn += 1;
        result.tokens.add(found);
      } else result.greedy += 1;
      if (found !== expected) result.differ.push(`${found} for ${expected}: ${JSON.stringify(draw)}`);
    });
  }
  sampler.destroy();
  device.destroy();
  return { ...result, tokens: result.tokens.size };
}

test('the GPU draws the very tokens that the CPU draws, from thousands of rows', async ({ page }) => {
  await modules.open(page);
  for (const [vocabulary, rows, rounds] of [
    [1024, 64, 16],
    [1, 2, 1],
    [255, 64, 12],
    [257, 64, 4],
    [50_257, 8, 1],
    [70_000, 4, 1],
  ] as const) {
    const found = await page.evaluate(drawBoth, { vocabulary, rows, rounds });
    expect(found.complaints).toEqual([]);
    expect(found.differ, `of ${vocabulary}`).toEqual([]);
    expect(found.drawn + found.greedy).toBe(rows * rounds);
    expect(found.tokens).toBeGreaterThan(Math.min(vocabulary, found.drawn) / 4);
  }
});

test('on WebGPU a seed gives the same tokens alone, in any company, slot and chunks; and those of WASM', async ({
  page,
}) => {
  await modules.open(page);
  const { note, alone } = await expectSamplingContract(page, 'webgpu', 3);
  expect(note ?? '', 'decode passes are captured').not.toMatch(/graph capture/);
  await page.reload();
  const wasm = await expectSamplingContract(page, 'wasm', 3);
  expect(alone).toEqual(wasm.alone);
});
