import type { Backend } from '../../src/core/backend';
import { chooseBackend } from '../../src/runtime/adapter';
import { requestGpu } from '../../src/runtime/gpu-device';
import { openModel } from '../../src/runtime/open-model';
import type {
  AdapterFacts,
  BenchRequest,
  GpuCeilings,
  Measures,
  OpenChoice,
  Opened,
  PassTimes,
  PrefillsAsked,
  RequestsAsked,
  Served,
  StepsAsked,
  StepTimes,
  WasmCeilings,
} from '../measures';
import { countDispatches } from './count-dispatches';
import { FullCopy } from './full-copy';
import { gpuCopy } from './gpu-copy';
import { gpuFlop } from './gpu-flop';
import { gpuLatencies } from './gpu-latencies';
import { modelFacts } from './model-facts';
import { drawRequests } from './requests';
import { type Server, serverOf } from './serve';
import { decodeSteps, prefills } from './step-times';
import { wasmCeilings } from './wasm-ceilings';

/** The worker's side of `Measures`: one backend for its whole life, as in the serving worker. */
export class Bench implements Measures {
  #backend: Backend | null = null;
  #server: Server | null = null;
  #fullCopy: FullCopy | null = null;

  async open({ url, backend: kind, wasmThreads, capture, slots }: OpenChoice): Promise<Opened> {
    const { threads } = await chooseBackend(kind, wasmThreads);
    const { backend, note, sha256 } = await openModel({ url, backend: kind, wasmThreads, slots, capture });
    this.#backend = backend;
    const { adapter, contextLength, passesAhead } = backend.capabilities;
    const model = { sha256, ...(await modelFacts(url, kind)) };
    return { adapter, threads, note, contextLength, passesAhead, model };
  }

  steps(asked: StepsAsked): Promise<StepTimes> {
    return decodeSteps(this.#opened, asked);
  }

  prefills(asked: PrefillsAsked): Promise<PassTimes> {
    return prefills(this.#opened, asked);
  }

  dispatches(): Promise<number | null> {
    return countDispatches(this.#opened);
  }

  async adapterFacts(): Promise<AdapterFacts> {
    const { gpu } = await chooseBackend('webgpu');
    const { features, limits } = gpu as GPUAdapter;
    const numbers: Record<string, number> = {};
    for (const name in limits) numbers[name] = Number(limits[name as keyof GPUSupportedLimits]);
    return { features: [...features].sort(), limits: numbers };
  }

  async gpuCeilings(budgetMs: number): Promise<GpuCeilings> {
    const { gpu } = await chooseBackend('webgpu');
    const { device } = await requestGpu(gpu as GPUAdapter);
    const each = budgetMs / 5;
    const copy = await gpuCopy(device, each);
    const flopF32 = await gpuFlop(device, 'f32', each);
    const f16 = device.features.has('shader-f16');
    const flopF16 = f16 ? await gpuFlop(device, 'f16', each) : null;
    const latencies = await gpuLatencies(device, each);
    device.destroy();
    return { ...copy, flopF32, flopF16, ...latencies };
  }

  wasmCeilings(budgetMs: number, stepBytes: number): Promise<WasmCeilings> {
    return wasmCeilings(budgetMs, stepBytes);
  }

  async openFullCopy(url: string): Promise<void> {
    this.#fullCopy = await FullCopy.open(url);
  }

  fullCopySteps(asked: Pick<StepsAsked, 'rows' | 'budgetMs'>): Promise<StepTimes> {
    return this.#openedFullCopy.steps(asked);
  }

  fullCopyPrefills(asked: PrefillsAsked): Promise<PassTimes> {
    return this.#openedFullCopy.prefills(asked);
  }

  requests(asked: RequestsAsked): Promise<readonly BenchRequest[]> {
    return drawRequests(asked);
  }

  serve(requests: readonly BenchRequest[], concurrency: number): Promise<Served> {
    this.#server ??= serverOf(this.#opened);
    return this.#server(requests, concurrency);
  }

  get #openedFullCopy(): FullCopy {
    if (!this.#fullCopy) throw new Error('openFullCopy comes first.');
    return this.#fullCopy;
  }

  get #opened(): Backend {
    if (!this.#backend) throw new Error('open comes first.');
    return this.#backend;
  }
}
