import type { Room } from '../model/fit';
import { GpuMemory } from './gpu-memory';

/** Features by which onnxruntime computes faster, or in half precision, where there are any. */
const WANTED: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * onnxruntime-web 1.30.0 computes prompts of 32 tokens and more with an attention kernel that is wrong from the fifth
 * token on where subgroups have four lanes (seen on SwiftShader: logits off by 6 against WASM; by 0.00001 without the
 * feature). So it is not told of such subgroups, and takes another kernel.
 */
const SMALLEST_SUBGROUP = 8;

/** A device that onnxruntime computes on, and what lives on it. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly memory: GpuMemory;
}

/** A device of our own, with all that the adapter allows. @param subgroups off to compare what is computed without them */
export async function requestGpu(adapter: GPUAdapter, subgroups = true): Promise<Gpu> {
  const { subgroupMinSize } = adapter.info;
  const allowed = (feature: GPUFeatureName) =>
    feature !== 'subgroups' || (subgroups && subgroupMinSize >= SMALLEST_SUBGROUP);
  const device = await adapter.requestDevice({
    label: 'headway',
    requiredFeatures: WANTED.filter((feature) => adapter.features.has(feature) && allowed(feature)),
    requiredLimits: limitsOf(adapter.limits),
  });
  return { device, memory: new GpuMemory(device) };
}

/** What the adapter will allow on that device. */
export const roomOf = ({ limits, features }: GPUAdapter): Room => ({
  kind: 'webgpu',
  buffer: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
  f16: features.has('shader-f16'),
});

/** Its names are on the prototype, as getters. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const names = Object.keys(Object.getPrototypeOf(limits)) as (keyof GPUSupportedLimits)[];
  return Object.fromEntries(
    names.flatMap((name) => (typeof limits[name] === 'number' ? [[name, limits[name]]] : [])),
  );
}
