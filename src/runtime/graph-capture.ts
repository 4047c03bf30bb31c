import type * as Ort from 'onnxruntime-web';

/**
 * Everything that leans on the inside of onnxruntime-web, seen on 1.30.0. Capturing records a step's GPU commands in its
 * first run and replays them from then on, which takes JavaScript and WASM off the way. As released it fails on the
 * second run: the JavaScript side binds the buffers once, yet takes leave of them after each run. It works when only the
 * native side sees the flag. It is read four times before the native side has it; the last reader is JavaScript's.
 */
const READS_OF_THE_NATIVE_SIDE = 4;

/** Session options under which runs may be captured; each run says so with `captureAs`. */
export function capturing(options: Ort.InferenceSession.SessionOptions): Ort.InferenceSession.SessionOptions {
  let reads = 0;
  return Object.defineProperty({ ...options }, 'enableGraphCapture', {
    enumerable: true,
    configurable: true,
    get: () => ++reads <= READS_OF_THE_NATIVE_SIDE,
  });
}

/** Records the run under this number, or replays what was recorded; all its tensors must be the same GPU buffers. */
export const captureAs = (graph: number): Ort.InferenceSession.RunOptions => ({
  extra: { gpu_graph_id: String(graph) },
});

/** A run of a capturing session that is not recorded. */
export const NOT_CAPTURED: Ort.InferenceSession.RunOptions = { extra: { gpu_graph_id: '-1' } };
