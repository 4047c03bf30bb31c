import type { Adapter } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { type WasmThreads, wasmThreads } from '../core/wasm-threads';

export type BackendKind = 'webgpu' | 'wasm';

export interface ChosenBackend {
  readonly kind: BackendKind;
  readonly adapter: Adapter;
  /** To ask for a device; null for WASM. */
  readonly gpu: GPUAdapter | null;
  /** WASM threads; 1 for WebGPU. */
  readonly threads: number;
  /** A remark on the choice for the user, as a sentence. */
  readonly note: string | null;
}

/**
 * `auto`: WebGPU where there is an adapter, else WASM, and says why. A forced choice is never exchanged for another.
 * @throws HeadwayError `backend-unavailable` when WebGPU is forced and there is no adapter
 */
export async function chooseBackend(
  asked: 'auto' | BackendKind,
  threads: WasmThreads = 'auto',
): Promise<ChosenBackend> {
  if (asked === 'wasm') return wasm(null, threads);
  const { gpu } = navigator as { readonly gpu?: GPU };
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return webgpu(adapter);
  const why = gpu ? 'WebGPU finds no adapter on this machine' : 'this browser has no WebGPU in workers';
  if (asked === 'auto') return wasm(`Served by WASM, since ${why}.`, threads);
  throw new HeadwayError('backend-unavailable', `WebGPU was asked for, but ${why}. Choose auto or wasm.`);
}

function webgpu(gpu: GPUAdapter): ChosenBackend {
  const { info } = gpu;
  const name =
    info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ') || 'GPU';
  const software = info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(name);
  return {
    kind: 'webgpu',
    adapter: { kind: 'webgpu', name: software ? `${name} (software)` : name, software },
    gpu,
    threads: 1,
    note: software
      ? 'This WebGPU adapter computes on the CPU, slowly. Figures say nothing about a GPU; wasm is faster here.'
      : null,
  };
}

function wasm(note: string | null, asked: WasmThreads): ChosenBackend {
  const threads = wasmThreads(asked, crossOriginIsolated, navigator.hardwareConcurrency);
  const fewer =
    asked !== 'auto' && threads < asked
      ? 'This page is not cross-origin isolated, so WASM has one thread.'
      : null;
  const says = [note, fewer].filter((line) => line !== null).join(' ');
  const name = `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return {
    kind: 'wasm',
    adapter: { kind: 'wasm', name, software: false },
    gpu: null,
    threads,
    note: says || null,
  };
}
