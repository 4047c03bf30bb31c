import { unitsPerSecond } from './gpu-time';

const WORKGROUP = 256;
/** Independent vec4 accumulators a thread: enough to hide the latency of a multiply-add. */
const ACCUMULATORS = 8;
const ROUNDS = 128;
const FLOP_PER_THREAD = ROUNDS * ACCUMULATORS * 4 * 2;

/** A software adapter computes a workgroup after another; a GPU wants them by the thousand. */
const GROUPS = { software: 4, hardware: 4096 } as const;

const lines = (line: (i: number) => string) =>
  Array.from({ length: ACCUMULATORS }, (_, i) => line(i)).join('\n');

const shader = (type: 'f32' | 'f16') => /* wgsl */ `
${type === 'f16' ? 'enable f16;' : ''}
@group(0) @binding(0) var<storage, read_write> numbers: array<vec4<${type}>, ${WORKGROUP}>;

@compute @workgroup_size(${WORKGROUP})
fn multiply_add(@builtin(local_invocation_index) index: u32) {
  let a = numbers[index];
  let b = numbers[(index + 1u) % ${WORKGROUP}u];
  ${lines((i) => `var sum${i} = a + vec4<${type}>(${type}(${i}));`)}
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    ${lines((i) => `sum${i} = fma(sum${i}, a, b);`)}
  }
  let total = ${Array.from({ length: ACCUMULATORS }, (_, i) => `sum${i}`).join(' + ')};
  // Never true; the compiler cannot know.
  if (total.x == ${type}(12345.0)) { numbers[index] = total; }
}
`;

/** Floating-point operations per second of multiply-adds in registers, two each. */
export async function gpuFlop(device: GPUDevice, type: 'f32' | 'f16', budgetMs: number): Promise<number> {
  const numbers = device.createBuffer({ size: WORKGROUP * 16, usage: GPUBufferUsage.STORAGE });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: shader(type) }), entryPoint: 'multiply_add' },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: numbers } }],
  });
  const groups = device.adapterInfo.isFallbackAdapter ? GROUPS.software : GROUPS.hardware;
  const dispatches = await unitsPerSecond(device, budgetMs, (times) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
  numbers.destroy();
  return dispatches * groups * WORKGROUP * FLOP_PER_THREAD;
}
