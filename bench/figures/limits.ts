import type { CeilingFigures, Measured, Served } from '../report/benchmark';
import type { Ceilings } from './physical-limit';

/** The constants of the physical limit, of what was measured. */
export interface Limits extends Ceilings {
  /** That a step starts one after another: GPU kernels, or the one run on WASM. */
  readonly kernels: number;
}

export function limitsOf(served: Served, ceilings: Measured<CeilingFigures> | null): Limits | null {
  if (!ceilings || 'failed' in ceilings) return null;
  const found = ceilings.ok;
  if (found.kind === 'wasm') {
    return { bytesPerS: found.stepCopy, flopPerS: found.flopF32, kernelMs: found.runMs, kernels: 1 };
  }
  return {
    bytesPerS: Math.max(found.shaderCopy, found.bufferCopy),
    flopPerS: (served.model.halfPrecision && found.flopF16) || found.flopF32,
    kernelMs: found.dispatchMs,
    kernels: served.dispatches ?? served.model.nodes,
  };
}
