import type { Adapter } from '../../src/core/backend';
import type {
  GpuCeilings,
  Kind,
  ModelFacts,
  PassTimes,
  PeerOpened,
  StepTimes,
  WasmCeilings,
} from '../measures';

/** `benchmark.json`. Times in ms, rates per second. What failed says why in its place. */
export interface Benchmark {
  readonly model: string;
  readonly browser: string;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly revision: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly arguments: readonly string[];
  readonly backends: readonly BackendReport[];
}

export type Measured<Figures> = { readonly ok: Figures } | { readonly failed: string };

export interface BackendReport {
  readonly backend: Kind;
  readonly served: Measured<Served>;
  /** Null where a section was not asked for, or says nothing on this backend. */
  readonly ceilings: Measured<CeilingFigures> | null;
  readonly steps: readonly StepCell[] | null;
  readonly fullCopy: readonly FullCopyCell[] | null;
  readonly policies: Measured<PolicyFigures> | null;
  readonly peers: Measured<PeerFigures> | null;
  readonly chunks: Measured<ChunkFigures> | null;
  readonly seconds: number;
}

export interface Served {
  readonly adapter: Adapter;
  readonly threads: number;
  readonly note: string | null;
  readonly contextLength: number;
  readonly model: ModelFacts;
  /** Kernels that one decode step dispatches; null on WASM. */
  readonly dispatches: number | null;
}

export type CeilingFigures =
  | ({ readonly kind: 'webgpu' } & GpuCeilings)
  | ({ readonly kind: 'wasm' } & WasmCeilings);

export interface StepCell {
  readonly rows: number;
  readonly capture: boolean;
  readonly lagged: boolean;
  readonly times: Measured<StepTimes>;
}

export interface FullCopyCell {
  /** Such as "prompt of 16 tokens". */
  readonly pass: string;
  readonly times: Measured<{
    readonly ours: PassTimes;
    readonly fullCopy: PassTimes;
    readonly ratio: number;
  }>;
}

export const POLICY_NAMES = ['sequential', 'static', 'continuous'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

export interface PolicyRun {
  readonly policy: PolicyName;
  readonly requests: number;
  readonly ok: number;
  /** Requests, and output tokens, per second over the whole run. */
  readonly rps: number;
  readonly tps: number;
  /** Output tokens per second while somebody was queued. */
  readonly saturatedTps: number | null;
  readonly p95Ms: number;
  readonly ttftP95Ms: number;
  readonly batchFill: number | null;
  readonly wasted: number | null;
  readonly verdict: string | null;
  /** Prompt and output tokens per second, over the whole run. */
  readonly computedTps: number;
}

export interface PolicyFigures {
  readonly outputTokens: string;
  readonly maxBatch: number;
  readonly concurrency: number;
  /** One entry a repeat: the policies next to each other in time. */
  readonly saturated: readonly (readonly PolicyRun[])[];
  /** Requests per second offered; null where there was no time for it. */
  readonly rate: number | null;
  readonly poisson: readonly (readonly PolicyRun[])[];
}

export const PEER_WAYS = ['ours16', 'ours1', 'peer1', 'peer16'] as const;
export type PeerWay = (typeof PEER_WAYS)[number];

export interface PeerFigures extends PeerOpened {
  readonly threads: number;
  readonly requests: number;
  /** One entry a round. */
  readonly rounds: readonly Readonly<Record<PeerWay, PeerRun>>[];
  /** Answers that are the same, token for token, as ours alone; of those compared. */
  readonly same: Readonly<Record<Exclude<PeerWay, 'ours1'>, { readonly same: number; readonly of: number }>>;
}

export interface PeerRun {
  readonly requests: number;
  readonly tokensPerS: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** One run of the trace with long prompts. */
export interface ChunkRun {
  /** Prompt tokens between two decode steps. */
  readonly chunk: number;
  readonly itlP50Ms: number;
  readonly itlP99Ms: number;
  readonly ttftP50Ms: number;
  readonly ttftP95Ms: number;
  readonly p95Ms: number;
}

export interface ChunkFigures {
  readonly model: string;
  readonly requests: number;
  readonly chunks: readonly number[];
  readonly loads: readonly ChunkLoad[];
}

export interface ChunkLoad {
  /** Requests per second. */
  readonly rate: number;
  /** One entry a repeat: the sizes next to each other in time. */
  readonly repeats: readonly (readonly ChunkRun[])[];
}
