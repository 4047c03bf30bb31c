import type * as Ort from 'onnxruntime-web';
import type { BackendKind } from './adapter';

/**
 * The build of onnxruntime-web that the backend needs, and no other: they are 14 to 27 MB each. WebGPU calls wait on the
 * GPU from within WASM, by JSPI where the browser has it, else by the larger and slower asyncify build.
 */
export async function loadOrt(kind: BackendKind, threads: number): Promise<typeof Ort> {
  const ort = await entry(kind);
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return ort;
}

function entry(kind: BackendKind): Promise<typeof Ort> {
  if (kind === 'wasm') return import('onnxruntime-web/wasm');
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}
