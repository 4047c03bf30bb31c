import type * as Ort from 'onnxruntime-web';
import { GraphBuilder } from '../../src/model/onnx/graph-builder';
import { DataType } from '../../src/model/onnx/onnx_pb';
import { chooseBackend } from '../../src/runtime/adapter';
import { loadOrt } from '../../src/runtime/load-ort';
import type { WasmCeilings } from '../measures';

/** Of the square matrices: large enough that multiplying is all that counts. */
const SIZE = 512;
const LARGE_BYTES = 64 * 2 ** 20;

/** What the CPU can do at best under WebAssembly, with the threads that serving has. */
export async function wasmCeilings(budgetMs: number, stepBytes: number): Promise<WasmCeilings> {
  const { threads } = await chooseBackend('wasm');
  const ort = await loadOrt('wasm', threads);
  const each = budgetMs / 4;
  return {
    threads,
    stepCopy: copyRate(stepBytes, each),
    largeCopy: copyRate(LARGE_BYTES, each),
    flopF32: await matMulRate(ort, each),
    runMs: await trivialRun(ort, each),
  };
}

/** Bytes read and written per second by `TypedArray.set`, the fastest of many copies. */
function copyRate(bytes: number, budgetMs: number): number {
  const source = new Uint8Array(bytes).fill(1);
  // Written once before, so that its pages are there.
  const target = new Uint8Array(bytes).fill(2);
  const best = fastest(budgetMs, () => target.set(source));
  return (2 * bytes * 1000) / best;
}

async function matMulRate(ort: typeof Ort, budgetMs: number): Promise<number> {
  const graph = new GraphBuilder('multiply');
  graph.input('a', DataType.FLOAT, [SIZE, SIZE]);
  graph.output('c', DataType.FLOAT, [SIZE, SIZE]);
  graph.constant('b', DataType.FLOAT, [SIZE, SIZE], new Float32Array(SIZE * SIZE).fill(0.5));
  graph.node('MatMul', ['a', 'b'], ['c']);
  const numbers = new Float32Array(SIZE * SIZE).fill(0.25);
  const a = new ort.Tensor('float32', numbers, [SIZE, SIZE]);
  const best = await fastestRun(ort, graph, { a }, budgetMs);
  return (2 * SIZE ** 3 * 1000) / best;
}

function trivialRun(ort: typeof Ort, budgetMs: number): Promise<number> {
  const graph = new GraphBuilder('add');
  graph.input('a', DataType.FLOAT, [1]);
  graph.output('b', DataType.FLOAT, [1]);
  graph.node('Add', ['a', 'a'], ['b']);
  return fastestRun(ort, graph, { a: new ort.Tensor('float32', Float32Array.of(1), [1]) }, budgetMs);
}

async function fastestRun(
  ort: typeof Ort,
  graph: GraphBuilder,
  feeds: Record<string, Ort.Tensor>,
  budgetMs: number,
): Promise<number> {
  const session = await ort.InferenceSession.create(graph.toBytes(), { executionProviders: ['wasm'] });
  const deadline = performance.now() + budgetMs;
  let best = Number.POSITIVE_INFINITY;
  do {
    const begin = performance.now();
    // Some at once, since a trivial run takes a few grains of the clock.
    for (let i = 0; i < 4; i++) await session.run(feeds);
    best = Math.min(best, (performance.now() - begin) / 4);
  } while (performance.now() < deadline);
  await session.release();
  return best;
}

function fastest(budgetMs: number, work: () => void): number {
  const deadline = performance.now() + budgetMs;
  let best = Number.POSITIVE_INFINITY;
  do {
    const begin = performance.now();
    for (let i = 0; i < 4; i++) work();
    best = Math.min(best, (performance.now() - begin) / 4);
  } while (performance.now() < deadline);
  return best;
}
