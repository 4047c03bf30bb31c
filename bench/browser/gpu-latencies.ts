import { medianOf } from '../../src/metrics/percentiles';
import { unitsPerSecond } from './gpu-time';

const SHADER = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> count: array<u32, 2>;

@compute @workgroup_size(1)
fn increase() { count[0] += 1u; }
`;

const MOST_TURNS = 200;

/** What is paid beside bytes and arithmetic: for each kernel, each submission and each read-back. ms */
export async function gpuLatencies(device: GPUDevice, budgetMs: number) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const count = device.createBuffer({ size: 8, usage });
  const staging = device.createBuffer({ size: 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: SHADER }), entryPoint: 'increase' },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: count } }],
  });
  const dispatches = await unitsPerSecond(device, budgetMs / 3, (times) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
  const submitMs = await medianTurn(budgetMs / 3, async () => {
    device.queue.submit([device.createCommandEncoder().finish()]);
    await device.queue.onSubmittedWorkDone();
  });
  const readBackMs = await medianTurn(budgetMs / 3, async () => {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(count, 0, staging, 0, 8);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    staging.unmap();
  });
  for (const buffer of [count, staging]) buffer.destroy();
  return { dispatchMs: 1000 / dispatches, submitMs, readBackMs };
}

async function medianTurn(budgetMs: number, turn: () => Promise<void>): Promise<number> {
  const deadline = performance.now() + budgetMs;
  const times: number[] = [];
  await turn();
  do {
    const begin = performance.now();
    await turn();
    times.push(performance.now() - begin);
  } while (times.length < MOST_TURNS && performance.now() < deadline);
  return medianOf(times) as number;
}
