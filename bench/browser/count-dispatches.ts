import { type Backend, decodeRows, promptRow } from '../../src/core/backend';

/** Counts what onnxruntime dispatches for one decode step of one row. Call it on a backend without capture: a replay says nothing. */
export async function countDispatches(backend: Backend): Promise<number | null> {
  if (backend.capabilities.adapter.kind !== 'webgpu') return null;
  await backend.step([promptRow(0, [5, 6, 7])]);
  await backend.step(decodeRows([0]));
  const pass = GPUComputePassEncoder.prototype;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  let count = 0;
  pass.dispatchWorkgroups = function (...sizes) {
    count += 1;
    return dispatchWorkgroups.apply(this, sizes);
  };
  pass.dispatchWorkgroupsIndirect = function (...where) {
    count += 1;
    return dispatchWorkgroupsIndirect.apply(this, where);
  };
  try {
    await backend.step(decodeRows([0]));
  } finally {
    Object.assign(pass, { dispatchWorkgroups, dispatchWorkgroupsIndirect });
  }
  return count;
}
