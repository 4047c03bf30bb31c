import { HeadwayError } from './errors';

/** How many threads WASM is asked for; `auto` follows the machine. */
export type WasmThreads = 'auto' | number;

/** More than this gained nothing with models of the size that WASM is for. */
const MOST_BY_ITSELF = 4;
const MOST = 64;

/**
 * Threads that onnxruntime computes with on WASM.
 * @param isolated whether the page is cross-origin isolated: without that there is one
 * @param cores as the browser counts them; the clients and the page need some, so `auto` takes half
 */
export function wasmThreads(asked: WasmThreads, isolated: boolean, cores: number): number {
  if (!isolated) return 1;
  if (asked !== 'auto') return asked;
  return Math.max(1, Math.min(MOST_BY_ITSELF, Math.ceil(cores / 2)));
}

/** As an option or a link has it. @throws HeadwayError `invalid-parameter` */
export function parseWasmThreads(text: string): WasmThreads {
  if (text === 'auto') return text;
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= MOST) return threads;
  throw new HeadwayError(
    'invalid-parameter',
    `wasmThreads (--wasm-threads) must be auto or a whole number from 1 to ${MOST}; given: "${text}".`,
  );
}
