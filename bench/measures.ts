import type { Adapter } from '../src/core/backend';
import type { Length } from '../src/core/parameter';
import type { WasmThreads } from '../src/core/wasm-threads';

/** What crosses the border between the driver (Node) and the workers of the bench's page, and nothing else. */
export interface Measures {
  /** Makes the model ready as the serving worker does. Once in a worker. */
  open(choice: OpenChoice): Promise<Opened>;
  /** Decode steps over the first `rows` slots. */
  steps(asked: StepsAsked): Promise<StepTimes>;
  /** Prompts into the first slot, one after another. */
  prefills(asked: PrefillsAsked): Promise<PassTimes>;
  /** GPU dispatches of one decode step, counted while it is not captured; null on WASM. */
  dispatches(): Promise<number | null>;
  /** What WebGPU's adapter has and allows. */
  adapterFacts(): Promise<AdapterFacts>;
  gpuCeilings(budgetMs: number): Promise<GpuCeilings>;
  /** @param stepBytes what a step reads: bandwidth is that of buffers of this size */
  wasmCeilings(budgetMs: number, stepBytes: number): Promise<WasmCeilings>;
  /** The model file as it is, for what follows: WASM alone. */
  openFullCopy(url: string): Promise<void>;
  /** Decode steps that copy the whole cache in and out. */
  fullCopySteps(asked: Pick<StepsAsked, 'rows' | 'budgetMs'>): Promise<StepTimes>;
  /** Prompts whose logits, keys and values come out whole. */
  fullCopyPrefills(asked: PrefillsAsked): Promise<PassTimes>;
  /** Seeded prompts of the model's own list, and forced lengths. */
  requests(asked: RequestsAsked): Promise<readonly BenchRequest[]>;
  /** Answers them through the scheduler, continuous with 16 slots, under a closed loop. */
  serve(requests: readonly BenchRequest[], concurrency: number): Promise<Served>;
}

/** The same of transformers.js, in a worker of its own. */
export interface PeerMeasures {
  open(choice: PeerChoice): Promise<PeerOpened>;
  oneByOne(requests: readonly BenchRequest[]): Promise<Served>;
  /** Left-padded batches of `size`, each run to its longest answer. */
  batched(requests: readonly BenchRequest[], size: number): Promise<Served>;
}

export type Kind = 'webgpu' | 'wasm';

export interface OpenChoice {
  /** As `openModel` takes it. */
  readonly url: string;
  readonly backend: Kind;
  /** `auto` unless given. */
  readonly wasmThreads?: WasmThreads;
  readonly capture: boolean;
  readonly slots: number;
}

export interface Opened {
  readonly adapter: Adapter;
  /** WASM threads; 1 on WebGPU. */
  readonly threads: number;
  readonly note: string | null;
  readonly contextLength: number;
  readonly passesAhead: number;
  readonly model: ModelFacts;
}

/** What a decode step has to do, counted in the serving graph. */
export interface ModelFacts {
  /** As `openModel` says. */
  readonly sha256: string;
  /** Numbers of the matrices that each token is multiplied with. */
  readonly parameters: number;
  /** Their bytes, scales of 4-bit blocks included. */
  readonly weightBytes: number;
  /** Keys and values of one token, all layers. */
  readonly cacheBytesPerToken: number;
  /** Nodes of the graph, before onnxruntime fuses some and splits others into several kernels. */
  readonly nodes: number;
  readonly halfPrecision: boolean;
}

export interface StepsAsked {
  readonly rows: number;
  /** Keep as many passes under way as the backend says is useful; else await each. */
  readonly lagged: boolean;
  readonly budgetMs: number;
}

export interface PrefillsAsked {
  /** Of the prompt. */
  readonly tokens: number;
  readonly budgetMs: number;
}

export interface PassTimes {
  /** Over windows of passes, see `figures/windows`. */
  readonly medianMs: number;
  readonly minMs: number;
}

export interface StepTimes extends PassTimes {
  readonly steps: number;
  /** Mean tokens that a row had in the cache. */
  readonly liveTokens: number;
}

export interface AdapterFacts {
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export interface GpuCeilings {
  /** Bytes read and written per second by a compute shader that copies vec4s, and by `copyBufferToBuffer`. */
  readonly shaderCopy: number;
  readonly bufferCopy: number;
  /** Of each buffer that was copied. */
  readonly copyBytes: number;
  /** Floating-point operations per second, two for a multiply-add; f16 is null without `shader-f16`. */
  readonly flopF32: number;
  readonly flopF16: number | null;
  /** Of one tiny dispatch after another in one pass, each on what the last wrote. */
  readonly dispatchMs: number;
  /** `submit` to `onSubmittedWorkDone`, nothing to do. */
  readonly submitMs: number;
  /** `submit` of an 8-byte copy to its `mapAsync`. */
  readonly readBackMs: number;
}

export interface WasmCeilings {
  readonly threads: number;
  /** Bytes read and written per second by `TypedArray.set`, on buffers of a step's size and on large ones. */
  readonly stepCopy: number;
  readonly largeCopy: number;
  /** Of onnxruntime's MatMul on 512 × 512 f32 matrices. */
  readonly flopF32: number;
  /** Of a run of a graph that adds two numbers. */
  readonly runMs: number;
}

export interface RequestsAsked {
  readonly url: string;
  readonly contextLength: number;
  readonly count: number;
  readonly outputTokens: Length;
  readonly seed: number;
}

export interface BenchRequest {
  readonly prompt: readonly number[];
  /** Forced. */
  readonly outputTokens: number;
}

export interface Served {
  readonly elapsedMs: number;
  /** Of each request, in their order; from its submission to its last token. */
  readonly latencyMs: readonly number[];
  readonly tokens: readonly (readonly number[])[];
  /** When the last request was submitted, and how many tokens had been written: until then all clients were busy. */
  readonly lastSubmission: { readonly ms: number; readonly tokens: number };
}

export interface PeerChoice {
  /** Of the folder of models, ending in "/". */
  readonly models: string;
  readonly name: string;
  readonly backend: Kind;
  readonly threads: number;
}

export interface PeerOpened {
  /** Of transformers.js, and of the onnxruntime-web that it brings. */
  readonly version: string;
  readonly ortVersion: string;
}
