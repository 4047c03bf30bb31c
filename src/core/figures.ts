import type { MemoryUse } from './backend';
import type { LoadConfig } from './load-config';
import type { Outcome } from './request';
import type { RunnerStatus } from './runner-status';
import type { ServingConfig } from './serving-config';

/** Lowest and highest value that a percentile may well have, ms. */
export type Interval = readonly [low: number, high: number];
/** Of each percentile; null where the sample is too small to bound it on both sides. */
export interface Intervals {
  readonly p50: Interval | null;
  readonly p95: Interval | null;
  readonly p99: Interval | null;
}

/** How often the server decided what. */
export interface Counters {
  /** Requests that got a place in the queue. */
  readonly accepted: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Batches sealed; of them, those whose wait for company was cut short, since they were full or at a limit. */
  readonly batches: number;
  readonly closedEarly: number;
  /** Requests in them, refills included; their micro-batches, as `maxMicroBatches` counts them. */
  readonly batched: number;
  readonly microBatches: number;
  /** Of these requests, those that went before one that had come earlier, by their priority. */
  readonly overtook: number;
  /** Batches that reached the runner. */
  readonly dispatched: number;
  /** Members of sealed batches that had gone when the runner took them, and requests that took their places. */
  readonly staleDropped: number;
  readonly refilled: number;
  /** Forward passes. */
  readonly prefills: number;
  readonly decodes: number;
  /** Of the prefills, chunks of a prompt that were not its last. */
  readonly prefillChunks: number;
  /** Tokens that clients received. */
  readonly tokens: number;
  /** Decoded rows whose token no client waited for: the request had ended (padding, or passes under way), or was abandoned. */
  readonly wastedFinished: number;
  readonly wastedGone: number;
  readonly deviceLosses: number;
}

/** As in `summary.json`, with the size of the sample. */
export interface Distribution extends Percentiles {
  readonly count: number;
}

export type Saturation = 'stable' | 'backlogged' | 'overloaded';
/** Service level objectives; null = not set. */
export interface Slo {
  readonly p95Ms: number | null;
  readonly ttftMs: number | null;
  /** Of a request's own TPOT, and of the 99th percentile (nearest rank) of its own gaps between tokens. Absent is not set. */
  readonly tpotMs?: number | null;
  readonly itlP99Ms?: number | null;
}

/**
 * What the last `windowMs` looked like, folded from events four times a second. Everything that was not measured in the
 * window is null, never 0. Definitions: `measurement.md`, repeated at each fold.
 */
export interface LiveSnapshot extends LiveFigures {
  /** ms on the shared clock. */
  readonly at: number;
  /** Sent and not settled, now. */
  readonly inFlight: number;
  /** In the server's queue, now. */
  readonly queueDepth: number;
  /** Outcomes since the load was started. */
  readonly totals: Readonly<Record<Outcome, number>> & { readonly sent: number };
  readonly server: ServerState;
  readonly clients: ClientState;
  /** Since the page was opened. */
  readonly counters: Counters;
}

/** How the server itself is. */
export interface ServerState {
  readonly status: RunnerStatus;
  /** What it serves by, in its own words; null until it has said it. */
  readonly config: ServingConfig | null;
  /** Times that its device went away, and what was said of the last. */
  readonly losses: number;
  readonly lastLoss: { readonly at: number; readonly reason: string } | null;
  /** What lives on the device; null where it cannot be counted. */
  readonly memory: MemoryUse | null;
}

/** What the synthetic clients do, and under which configuration. In a pause nothing is a rate: it is no measurement. */
export type ClientState =
  | { readonly status: 'idle' }
  | { readonly status: 'sending' | 'paused' | 'measuring'; readonly config: LoadConfig };
/** One answered request, as a person reads it. */
export interface Sample {
  readonly id: number;
  readonly at: number;
  /** The learner's sentence, and what the model wrote so far or in the end. */
  readonly prompt: string;
  readonly text: string;
  /** What a forced length made the model write behind its own end of the answer. */
  readonly afterEnd?: string;
  /** The whole prompt of the visitor's own sentence, where a chat template made one of it. */
  readonly rendered?: string;
  readonly outcome: Outcome | 'running';
  readonly outputTokens: number;
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
  /** True for a request that the visitor sent. */
  readonly own: boolean;
  /** Of a synthetic model: tokens shown by their numbers. */
  readonly meaningless?: true;
  /** Why it was rejected or failed. */
  readonly message?: string;
}

/** mean and percentiles in ms, as in `summary.json`. */
export interface Percentiles {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What a figure can be. Null: not measured. */
interface Shapes {
  count: number;
  number: number | null;
  times: Percentiles | null;
  intervals: Intervals | null;
  verdict: Saturation | null;
}

/** A figure as it is declared, once: summary, schema, medians over repeats, tables and plots derive from it. */
interface FigureEntry {
  readonly shape: keyof Shapes;
  readonly label: string;
  /** Empty for a share. */
  readonly unit: string;
  /** Which way is an improvement; null where it depends. */
  readonly better: 'more' | 'less' | null;
  /** Of intervals: whose they are. */
  readonly of?: 'latency_ms' | 'ttft_ms';
}

const count = (label: string, better: FigureEntry['better']) =>
  ({ shape: 'count', label, unit: 'requests', better }) as const;
const number = (label: string, unit: string, better: FigureEntry['better']) =>
  ({ shape: 'number', label, unit, better }) as const;
const times = (label: string) => ({ shape: 'times', label, unit: 'ms', better: 'less' }) as const;
const intervals = (of: 'latency_ms' | 'ttft_ms', label: string) =>
  ({ shape: 'intervals', label, unit: 'ms', better: null, of }) as const;

/**
 * The vocabulary of figures: names as in `summary.json`, in its order. docs/measurement.md has the interval, population
 * and formula of each. A new figure is a line here, its computation in `metrics/summarize.ts`, and its line in the docs.
 */
export const SUMMARY_FIGURES = {
  requests: count('Requests', null),
  ok: count('Completed', 'more'),
  rejected: count('Rejected', 'less'),
  expired: count('Expired', 'less'),
  cancelled: count('Cancelled', 'less'),
  failed: count('Failed', 'less'),
  throughput_rps: number('Throughput', 'requests/s', 'more'),
  throughput_tps: number('Token throughput', 'tokens/s', 'more'),
  input_tps: number('Prompt tokens', 'tokens/s', 'more'),
  total_tps: number('Prompt and output tokens', 'tokens/s', 'more'),
  goodput_rps: number('Goodput', 'requests/s', 'more'),
  slo_attainment: number('SLO attainment', '', 'more'),
  latency_ms: times('Latency'),
  latency_interval_ms: intervals('latency_ms', 'Latency, 95 % interval'),
  ttft_ms: times('TTFT'),
  ttft_interval_ms: intervals('ttft_ms', 'TTFT, 95 % interval'),
  tpot_ms: times('TPOT'),
  itl_ms: times('ITL'),
  queue_ms: times('Queue time'),
  mean_batch_fill: number('Mean batch fill', 'requests', null),
  wasted_token_share: number('Wasted tokens', '', 'less'),
  stale_dropped: number('Stale members dropped', 'requests', 'less'),
  send_lag_ms: number('Send lag', 'ms', 'less'),
  send_lag_share: number('Send lag, share of latency', '', 'less'),
  saturation: { shape: 'verdict', label: 'Verdict', unit: '', better: null },
  littles_law_error: number('Little’s law error', '', 'less'),
} as const satisfies Record<string, FigureEntry>;

export type FigureName = keyof typeof SUMMARY_FIGURES;
type NamesOf<Shape extends keyof Shapes> = {
  [Name in FigureName]: (typeof SUMMARY_FIGURES)[Name]['shape'] extends Shape ? Name : never;
}[FigureName];
/** A single number of the vocabulary: `throughput_rps`, `latency_ms.p95`. */
export type FigurePath = NamesOf<'count' | 'number'> | `${NamesOf<'times'>}.${keyof Percentiles}`;

/** The measured part of `summary.json`: names are a contract. What was not measured is null, never 0. */
export type RunSummary = {
  readonly [Name in FigureName]: Shapes[(typeof SUMMARY_FIGURES)[Name]['shape']];
};

export function figureAt(summary: RunSummary, path: FigurePath): number | null {
  const [name, part] = path.split('.') as [FigureName, (keyof Percentiles)?];
  const value = summary[name];
  if (part === undefined) return typeof value === 'number' ? value : null;
  return typeof value === 'object' && value !== null && 'mean' in value ? value[part] : null;
}

/** The vocabulary over a live window, with what only the page shows of it. Of `requests`, those that settled in it. */
export interface LiveFigures
  extends Omit<RunSummary, NamesOf<'times'>>,
    Readonly<Record<NamesOf<'times'>, Distribution | null>> {
  /** Length of the window, ms; shorter just after a change of setting, which starts a new one. */
  readonly windowMs: number;
  /** Null where the sample is too small for it. */
  readonly latency_p999_ms: number | null;
  /** The times that 1/n, 2/n, … all latencies did not exceed, ms; n is 200 or their count. */
  readonly latency_quantiles_ms: readonly number[];
  /** `batchFill[n]` = batches of n members dispatched in the window; index 0 is unused. */
  readonly batchFill: readonly number[];
}

/** The names that a snapshot's figures had in the first version; `window.headway` still has them. */
const FIRST_NAMES = {
  throughputRps: 'throughput_rps',
  throughputTps: 'throughput_tps',
  goodputRps: 'goodput_rps',
  sloAttainment: 'slo_attainment',
  latency: 'latency_ms',
  ttft: 'ttft_ms',
  tpot: 'tpot_ms',
  queueTime: 'queue_ms',
  latencyP999: 'latency_p999_ms',
  latencyQuantiles: 'latency_quantiles_ms',
  meanBatchFill: 'mean_batch_fill',
  wastedTokenShare: 'wasted_token_share',
  sendLagMs: 'send_lag_ms',
  littlesLawError: 'littles_law_error',
} as const satisfies Record<string, keyof LiveFigures>;

export type FirstSnapshot = LiveSnapshot & {
  readonly [Name in keyof typeof FIRST_NAMES]: LiveSnapshot[(typeof FIRST_NAMES)[Name]];
} & {
  readonly latencyP95Interval: Interval | null;
  readonly outcomes: Readonly<Record<Outcome, number>>;
};

/** A snapshot under its names and those of the first version. */
export function withFirstNames(snapshot: LiveSnapshot): FirstSnapshot {
  const { ok: completed, rejected, expired, cancelled, failed } = snapshot;
  const renamed = Object.entries(FIRST_NAMES).map(([first, name]) => [first, snapshot[name]]);
  return {
    ...snapshot,
    ...(Object.fromEntries(renamed) as Pick<FirstSnapshot, keyof typeof FIRST_NAMES>),
    latencyP95Interval: snapshot.latency_interval_ms?.p95 ?? null,
    outcomes: { completed, rejected, expired, cancelled, failed },
  };
}
