import { applyChanges, defaultsOf, type Parameter } from './parameter';

/** How requests are put together. */
export const POLICIES = ['sequential', 'static', 'continuous'] as const;
export type Policy = (typeof POLICIES)[number];

/** Everything that the scheduler can be told while it runs. Semantics: `scheduler/`. */
export interface ServingConfig {
  readonly policy: Policy;
  /** Most requests in one batch; in `continuous`, the number of slots. */
  readonly maxBatch: number;
  /** Longest that the oldest queued request waits for company, in ms from its enqueue; 0 = leave at once. */
  readonly maxWaitMs: number;
  /** Queued requests held; the next submit is rejected (503). */
  readonly maxQueue: number;
  /** Padded tokens of a batch: longest member × members, prompt and output allowance together; 0 = off. */
  readonly maxBatchTokens: number;
  /** Sequences of one forward pass; a static batch runs as so many micro-batches, one after the other. 0 = off. */
  readonly microBatchSize: number;
  /** Most micro-batches of one batch; 0 = off. */
  readonly maxMicroBatches: number;
  /** Sealed batches that may stand between batcher and runner; 0 = a batch is formed only when the runner is free. */
  readonly channelCapacity: number;
  /** Deadline of a request in ms from its enqueue; 0 = off. */
  readonly timeoutMs: number;
  /** Decode steps between looks at cancellations and deadlines. */
  readonly cancelCheckEvery: number;
  /** ms of waiting that are worth one class of priority, so that none starves; 0 = no aging. */
  readonly agingMs: number;
  /** `continuous`: most prompt tokens that are prefilled between two decode steps; longer prompts go in chunks. */
  readonly maxPrefillTokensPerStep: number;
}

/** Sequences of one batch or pass at most, as vLLM has it by default. */
export const MOST_SLOTS = 256;

export const SERVING_PARAMETERS: { readonly [Name in keyof ServingConfig]: Parameter<Name> } = {
  policy: {
    name: 'policy',
    flag: '--policy',
    label: 'Policy',
    kind: 'choice',
    choices: POLICIES,
    default: 'continuous',
    help: 'sequential: one request at a time. static: a batch runs until its last member has finished. continuous: requests join and leave between two tokens.',
    elsewhere: {
      Triton: 'dynamic batching = static',
      vLLM: 'continuous',
      Orca: 'iteration-level = continuous',
    },
  },
  maxBatch: {
    name: 'maxBatch',
    flag: '--max-batch',
    label: 'Max batch',
    kind: 'integer',
    min: 1,
    max: MOST_SLOTS,
    unit: 'requests',
    default: 8,
    stops: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    help: 'Most requests in one batch, or slots in continuous. More raises throughput until the arithmetic runs out; each answer then takes longer.',
    elsewhere: { vLLM: 'max_num_seqs', Triton: 'max_batch_size', TEI: 'max_batch_requests' },
  },
  maxWaitMs: {
    name: 'maxWaitMs',
    flag: '--max-wait-ms',
    label: 'Max wait',
    kind: 'number',
    min: 0,
    max: 10_000,
    unit: 'ms',
    default: 20,
    stops: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    help: 'Longest that the oldest queued request waits for company. It matters at low load; continuous never waits.',
    elsewhere: { Triton: 'max_queue_delay_microseconds', vLLM: 'none: it never waits' },
  },
  maxQueue: {
    name: 'maxQueue',
    flag: '--max-queue',
    label: 'Max queue',
    kind: 'integer',
    min: 1,
    max: 100_000,
    unit: 'requests',
    default: 1024,
    stops: [1, 4, 16, 64, 256, 1024, 4096, 16384],
    help: 'Requests that may stand in the queue; the next one is rejected at once (503). Short queues bound the tail.',
    elsewhere: { Triton: 'max_queue_size', TEI: 'max_concurrent_requests' },
  },
  maxBatchTokens: {
    name: 'maxBatchTokens',
    advanced: true,
    flag: '--max-batch-tokens',
    label: 'Max batch tokens',
    kind: 'integer',
    min: 0,
    max: 10_000_000,
    unit: 'tokens',
    default: 0,
    stops: [0, 256, 512, 1024, 2048, 4096, 8192, 16_384],
    help: 'Most tokens of a batch with its padding: longest member times members, prompt and output allowance together. 0 is off. A long request then goes with fewer others.',
    elsewhere: { TEI: 'max_batch_tokens', vLLM: 'max_num_batched_tokens' },
  },
  microBatchSize: {
    name: 'microBatchSize',
    advanced: true,
    flag: '--micro-batch-size',
    label: 'Micro-batch size',
    kind: 'integer',
    min: 0,
    max: MOST_SLOTS,
    unit: 'sequences',
    default: 0,
    stops: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256],
    help: 'Sequences that go through the model together. A larger static batch runs as consecutive micro-batches, in the memory of one. 0 is off.',
    elsewhere: { Megatron: 'micro_batch_size' },
  },
  maxMicroBatches: {
    name: 'maxMicroBatches',
    advanced: true,
    flag: '--max-micro-batches',
    label: 'Max micro-batches',
    kind: 'integer',
    min: 0,
    max: 1024,
    unit: 'micro-batches',
    default: 64,
    stops: [0, 1, 2, 4, 8, 16, 32, 64],
    help: 'Most micro-batches of one batch; 0 is off. Low, results return sooner and clients do not pile up behind one batch, but throughput falls.',
  },
  channelCapacity: {
    name: 'channelCapacity',
    advanced: true,
    flag: '--channel-capacity',
    label: 'Channel capacity',
    kind: 'integer',
    min: 0,
    max: 16,
    unit: 'batches',
    default: 1,
    stops: [0, 1, 2, 4, 8, 16],
    help: 'Sealed batches that may wait for the runner. 0 forms a batch only when it is free, 1 prepares one while one runs. More seals too early: small batches in a spike, and members that have gone when their batch comes.',
    elsewhere: { TEI: 'prefetch channel' },
  },
  timeoutMs: {
    name: 'timeoutMs',
    advanced: true,
    flag: '--timeout-ms',
    label: 'Timeout',
    kind: 'number',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    default: 0,
    stops: [0, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
    help: 'Deadline of a request from its enqueue, while queued, batched and running (504); 0 is off. Under overload it keeps the latency of the rest bounded.',
    elsewhere: { Triton: 'default_timeout_microseconds' },
  },
  cancelCheckEvery: {
    name: 'cancelCheckEvery',
    advanced: true,
    flag: '--cancel-check-every',
    label: 'Cancel check',
    kind: 'integer',
    min: 1,
    max: 64,
    unit: 'steps',
    default: 1,
    stops: [1, 2, 4, 8, 16, 32, 64],
    help: 'Decode steps between looks at cancellations and deadlines. More computes longer for clients that have gone.',
  },
  agingMs: {
    name: 'agingMs',
    advanced: true,
    flag: '--aging-ms',
    label: 'Aging',
    kind: 'number',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    default: 1000,
    stops: [0, 100, 200, 500, 1000, 2000, 5000, 10_000],
    help: 'A waiting request gains one class of priority every so often, so that none starves; 0 is off: strict priorities.',
  },
  maxPrefillTokensPerStep: {
    name: 'maxPrefillTokensPerStep',
    advanced: true,
    flag: '--max-prefill-tokens-per-step',
    label: 'Prefill budget',
    kind: 'integer',
    min: 16,
    max: 65_536,
    unit: 'tokens',
    default: 512,
    stops: [16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    help: 'Most prompt tokens prefilled between two decode steps of continuous; longer prompts go in chunks. Less keeps running answers even; more brings first tokens sooner.',
    elsewhere: { vLLM: 'max_num_batched_tokens, chunked prefill', 'Sarathi-Serve': 'chunk_size' },
  },
};

export const DEFAULT_SERVING_CONFIG = defaultsOf<ServingConfig>(SERVING_PARAMETERS);

/** @throws HeadwayError `invalid-parameter` */
export const changeServingConfig = (base: ServingConfig, changes: Partial<ServingConfig>) =>
  applyChanges(SERVING_PARAMETERS, base, changes);

/** Most sequences that are under way at once: one at a time needs one slot, whatever `maxBatch` says. */
export const slotsOf = ({ policy, maxBatch }: ServingConfig): number =>
  policy === 'sequential' ? 1 : maxBatch;
