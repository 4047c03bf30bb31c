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
  /** `continuous`: most prompt tokens that are prefilled between two decode steps; longer prompts go in chunks. */
  readonly maxPrefillTokensPerStep: number;
}

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
    max: 64,
    unit: 'requests',
    default: 8,
    stops: [1, 2, 4, 8, 16, 32, 64],
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
  maxPrefillTokensPerStep: {
    name: 'maxPrefillTokensPerStep',
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
