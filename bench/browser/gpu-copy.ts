import { unitsPerSecond } from './gpu-time';

/** Far more than any cache of a GPU holds; a software adapter has the memory of its machine and less time. */
const MOST_BYTES = 512 * 2 ** 20;
const SOFTWARE_BYTES = 64 * 2 ** 20;

const WORKGROUP = 256;

/** The dispatch is two-dimensional: one dimension has room for 65,535 workgroups only. */
const ROW_GROUPS = 32_768;

const SHADER = /* wgsl */ `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4u>;

@compute @workgroup_size(${WORKGROUP})
fn copy(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  let i = (group.y * ${ROW_GROUPS}u + group.x) * ${WORKGROUP}u + index;
  if (i < arrayLength(&source)) { target_[i] = source[i]; }
}
`;

/** Bytes read and written per second by a compute shader and by the copy command. */
export async function gpuCopy(device: GPUDevice, budgetMs: number) {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const software = device.adapterInfo.isFallbackAdapter;
  const allowed = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const copyBytes = Math.min(software ? SOFTWARE_BYTES : MOST_BYTES, allowed - (allowed % 16));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [source, target] = [0, 1].map(() => device.createBuffer({ size: copyBytes, usage })) as [
    GPUBuffer,
    GPUBuffer,
  ];
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: SHADER }), entryPoint: 'copy' },
  });
  const entries = [source, target].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const groups = Math.ceil(copyBytes / 16 / WORKGROUP);

  const shader = await unitsPerSecond(device, budgetMs, (times) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) {
      pass.dispatchWorkgroups(Math.min(groups, ROW_GROUPS), Math.ceil(groups / ROW_GROUPS));
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
  const command = await unitsPerSecond(device, budgetMs, (times) => {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(source, 0, target, 0, copyBytes);
    device.queue.submit([encoder.finish()]);
  });
  for (const buffer of [source, target]) buffer.destroy();
  return { shaderCopy: 2 * copyBytes * shader, bufferCopy: 2 * copyBytes * command, copyBytes };
}
