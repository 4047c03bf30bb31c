import { HeadwayError } from './errors';
import { applyChanges, defaultsOf, type Length, type Parameter, type PromptLength } from './parameter';
import { SAMPLING_PARAMETERS, type SamplingConfig } from './sampling';

/** `closed`: clients that wait for their answers. The others are open loops: requests come, answered or not. */
export const ARRIVALS = ['closed', 'constant', 'poisson', 'gamma', 'ramp', 'spike', 'trace'] as const;
export type Arrival = (typeof ARRIVALS)[number];

/** `auto`: as its format counts them, or seconds where they cannot be milliseconds. */
export const TRACE_UNITS = ['auto', 's', 'ms'] as const;
export type TraceUnit = (typeof TRACE_UNITS)[number];

/** When requests are sent. */
export interface ArrivalConfig {
  readonly arrival: Arrival;
  /** Clients of the closed loop. */
  readonly concurrency: number;
  /** ms from a client's answer to its next request. */
  readonly thinkTimeMs: number;
  /** Mean requests per second: of a ramp when it has risen, of a spike outside of it. */
  readonly rate: number;
  /** Shape of the gamma-distributed gaps: their squared coefficient of variation is its inverse. 1 = Poisson. */
  readonly burstiness: number;
  /** Requests per second at the foot of the ramp. */
  readonly rampFromRate: number;
  /** Seconds that the ramp takes. */
  readonly rampS: number;
  /** Times the rate, within a spike. */
  readonly spikeFactor: number;
  /** Seconds before the first spike. */
  readonly spikeStartS: number;
  readonly spikeDurationS: number;
  /** Seconds from one spike's begin to the next one's; 0 = there is one only. */
  readonly spikeEveryS: number;
  /** What of the trace is played, in seconds of its own time: from the one until before the other; 0 = to its end. */
  readonly traceFromS: number;
  readonly traceToS: number;
  /** What the numbers of a trace count, where it has numbers for times. */
  readonly traceUnit: TraceUnit;
  /** Seconds in which a second of the trace is played. */
  readonly timeScale: number;
}

/** What each process reads of the configuration. */
export const ARRIVAL_USES: Readonly<Record<Arrival, readonly (keyof ArrivalConfig)[]>> = {
  closed: ['concurrency', 'thinkTimeMs'],
  constant: ['rate'],
  poisson: ['rate'],
  gamma: ['rate', 'burstiness'],
  ramp: ['rate', 'rampFromRate', 'rampS', 'burstiness'],
  spike: ['rate', 'spikeFactor', 'spikeStartS', 'spikeDurationS', 'spikeEveryS', 'burstiness'],
  trace: ['timeScale', 'traceFromS', 'traceToS', 'traceUnit'],
};

export const ARRIVAL_PARAMETERS: { readonly [Name in keyof ArrivalConfig]: Parameter<Name> } = {
  arrival: {
    name: 'arrival',
    flag: '--arrival',
    label: 'Arrival',
    kind: 'choice',
    choices: ARRIVALS,
    default: 'closed',
    help: 'closed: a fixed number of clients, each waiting for its answer. The others send at a rate, answered or not: constant evenly, poisson at random, gamma in bursts, ramp faster and faster, spike many times as fast for a while, trace as it was recorded.',
    elsewhere: {
      'vLLM bench': 'max_concurrency / request_rate',
      k6: 'constant-vus, constant- and ramping-arrival-rate',
    },
  },
  concurrency: {
    name: 'concurrency',
    flag: '--concurrency',
    label: 'Concurrency',
    kind: 'integer',
    min: 1,
    max: 1024,
    unit: 'clients',
    default: 8,
    stops: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    help: 'Clients of the closed loop. Each has one request under way, so this is also the most that can be in flight.',
    elsewhere: { 'vLLM bench': 'max_concurrency', k6: 'vus' },
  },
  thinkTimeMs: {
    name: 'thinkTimeMs',
    advanced: true,
    flag: '--think-time-ms',
    label: 'Think time',
    kind: 'number',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    default: 0,
    stops: [0, 100, 200, 500, 1000, 2000, 5000, 10_000],
    help: 'How long a client reads its answer before it sends its next request. The longer, the fewer of the clients are in flight.',
    elsewhere: { k6: 'sleep', Locust: 'wait_time = constant' },
  },
  rate: {
    name: 'rate',
    flag: '--rate',
    label: 'Rate',
    kind: 'number',
    min: 0.01,
    max: 10_000,
    unit: 'requests/s',
    default: 10,
    stops: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    help: 'Mean arrivals per second of the open loop. Past the capacity of the server the queue grows without end.',
    elsewhere: { 'vLLM bench': 'request_rate', k6: 'constant-arrival-rate' },
  },
  burstiness: {
    name: 'burstiness',
    flag: '--burstiness',
    label: 'Burstiness',
    kind: 'number',
    min: 0.05,
    max: 100,
    unit: '',
    default: 1,
    stops: [0.1, 0.2, 0.5, 1, 2, 5, 10],
    help: 'Shape of the gaps between arrivals at the same mean rate: 1 is Poisson, below 1 requests come in bursts with pauses between them, above 1 more evenly.',
    elsewhere: { 'vLLM bench': 'burstiness' },
  },
  rampFromRate: {
    name: 'rampFromRate',
    flag: '--ramp-from-rate',
    label: 'Ramp from',
    kind: 'number',
    min: 0,
    max: 10_000,
    unit: 'requests/s',
    default: 0,
    stops: [0, 0.5, 1, 2, 5, 10, 20, 50, 100],
    help: 'Where the rate begins. From there it rises in a straight line to Rate, and stays.',
    elsewhere: { k6: 'startRate' },
  },
  rampS: {
    name: 'rampS',
    flag: '--ramp-s',
    label: 'Ramp time',
    kind: 'number',
    min: 0.1,
    max: 86_400,
    unit: 's',
    default: 30,
    stops: [5, 10, 20, 30, 60, 120, 300, 600],
    help: 'How long the rate takes to rise. The longer, the closer each moment is to a steady state, so that latency shows where the server saturates.',
    elsewhere: { k6: 'stages.duration' },
  },
  spikeFactor: {
    name: 'spikeFactor',
    flag: '--spike-factor',
    label: 'Spike factor',
    kind: 'number',
    min: 1,
    max: 1000,
    unit: '× rate',
    default: 5,
    stops: [1, 2, 3, 5, 10, 20, 50],
    help: 'How many times Rate comes during a spike. The backlog it leaves dominates the tail latency of later requests.',
  },
  spikeStartS: {
    name: 'spikeStartS',
    flag: '--spike-start-s',
    label: 'Spike after',
    kind: 'number',
    min: 0,
    max: 86_400,
    unit: 's',
    default: 10,
    stops: [0, 2, 5, 10, 20, 30, 60, 120],
    help: 'Time at the plain rate before the first spike.',
    elsewhere: { k6: 'stages' },
  },
  spikeDurationS: {
    name: 'spikeDurationS',
    flag: '--spike-duration-s',
    label: 'Spike lasts',
    kind: 'number',
    min: 0.1,
    max: 86_400,
    unit: 's',
    default: 5,
    stops: [0.5, 1, 2, 5, 10, 20, 30, 60],
    help: 'How long a spike goes on before the rate falls back.',
    elsewhere: { k6: 'stages.duration' },
  },
  spikeEveryS: {
    name: 'spikeEveryS',
    flag: '--spike-every-s',
    label: 'Spike every',
    kind: 'number',
    min: 0,
    max: 86_400,
    unit: 's',
    default: 0,
    stops: [0, 10, 20, 30, 60, 120, 300],
    help: 'From the begin of one spike to the begin of the next. 0: there is one only, as in a list of stages.',
  },
  timeScale: {
    name: 'timeScale',
    flag: '--time-scale',
    label: 'Time scale',
    kind: 'number',
    min: 0.0001,
    max: 1000,
    unit: '×',
    default: 1,
    stops: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    help: 'How long a second of the trace takes. At 0.1 it is played ten times as fast, so that a quiet hour becomes a load; its pattern stays.',
    elsewhere: { Vidur: 'time_scale_factor' },
  },
  traceFromS: {
    name: 'traceFromS',
    flag: '--trace-from-s',
    label: 'Trace from',
    kind: 'number',
    min: 0,
    max: 100_000_000,
    unit: 's',
    default: 0,
    stops: [0, 60, 300, 600, 1800, 3600],
    help: 'Where to begin, in seconds of the trace from its first request.',
  },
  traceToS: {
    name: 'traceToS',
    flag: '--trace-to-s',
    label: 'Trace to',
    kind: 'number',
    min: 0,
    max: 100_000_000,
    unit: 's',
    default: 0,
    stops: [0, 60, 300, 600, 1800, 3600],
    help: 'Where to end, in seconds of the trace from its first request; 0 is its end.',
  },
  traceUnit: {
    name: 'traceUnit',
    advanced: true,
    flag: '--trace-unit',
    label: 'Trace unit',
    kind: 'choice',
    choices: TRACE_UNITS,
    default: 'auto',
    help: 'What a trace counts its times in. auto: as its format does, and seconds where the numbers cannot be milliseconds. A trace with dates needs none.',
  },
};

/** What the synthetic clients do. Definitions: docs/measurement. */
export interface LoadConfig extends ArrivalConfig, SamplingConfig {
  /** Answer length: as the model ends, or forced to a number of tokens (EOS ignored), one for all or drawn for each. */
  readonly outputTokens: Length;
  /** Prompt length: as the data set has it, or texts put together from it of a number of tokens, one for all or drawn for each. */
  readonly promptTokens: PromptLength;
  /** Answers that each request wants to its prompt. */
  readonly sequences: number;
  /** Share of the requests whose priority is 1; that of the others is 0. */
  readonly urgentShare: number;
  /** Share of the clients that go away after `abandonAfterMs` without having been answered. */
  readonly abandonShare: number;
  /** ms from the sending. */
  readonly abandonAfterMs: number;
  /** Everything random comes from it. */
  readonly seed: number;
}

export const LOAD_PARAMETERS: { readonly [Name in keyof LoadConfig]: Parameter<Name> } = {
  ...ARRIVAL_PARAMETERS,
  outputTokens: {
    name: 'outputTokens',
    flag: '--output-tokens',
    label: 'Output tokens',
    kind: 'length',
    min: 1,
    max: 1024,
    unit: 'tokens',
    natural: 'eos',
    default: 'eos',
    stops: [1, 2, 4, 8, 16, 32, 64],
    help: 'eos: every answer ends where the model ends it, so lengths differ. A number forces that length, as benchmarks do; a range such as 2:48 forces lengths drawn from it, each as likely; lognormal:20:0.8 many short ones and a few long, of that median and sigma.',
    elsewhere: { 'vLLM bench': 'output_len and range_ratio with ignore_eos' },
  },
  promptTokens: {
    name: 'promptTokens',
    advanced: true,
    flag: '--prompt-tokens',
    label: 'Prompt tokens',
    kind: 'length',
    min: 1,
    max: 1_000_000,
    unit: 'tokens',
    natural: 'dataset',
    default: 'dataset',
    stops: [8, 16, 32, 64, 128, 256, 512, 1024],
    help: 'dataset: prompts as the data set has them. A number puts texts of that many tokens together from it, by the engine’s tokenizer; a range such as 16:64 draws lengths from it, each as likely; lognormal:128:0.8 many short ones and a few long, of that median and sigma.',
    elsewhere: { 'vLLM bench': 'random_input_len', guidellm: 'prompt_tokens' },
  },
  ...SAMPLING_PARAMETERS,
  sequences: {
    name: 'sequences',
    advanced: true,
    flag: '--sequences',
    label: 'Sequences',
    kind: 'integer',
    min: 1,
    max: 64,
    unit: 'a request',
    default: 1,
    stops: [1, 2, 4, 8, 16],
    help: 'Answers that each request wants to its one prompt. Each takes a row of the batch; the request ends with its last.',
    elsewhere: { 'vLLM, OpenAI': 'n' },
  },
  urgentShare: {
    name: 'urgentShare',
    advanced: true,
    flag: '--urgent-share',
    label: 'Urgent share',
    kind: 'number',
    min: 0,
    max: 1,
    unit: '',
    default: 0,
    stops: [0, 0.01, 0.05, 0.1, 0.2, 0.5],
    help: 'Share of requests with priority 1, which go before those with 0. Aging lets the others through after a while.',
    elsewhere: { vLLM: 'priority' },
  },
  abandonShare: {
    name: 'abandonShare',
    advanced: true,
    flag: '--abandon-share',
    label: 'Abandon share',
    kind: 'number',
    min: 0,
    max: 1,
    unit: '',
    default: 0,
    stops: [0, 0.05, 0.1, 0.2, 0.5, 1],
    help: 'Share of clients that lose patience and go away (499). What the server computes for them from then on is wasted.',
  },
  abandonAfterMs: {
    name: 'abandonAfterMs',
    advanced: true,
    flag: '--abandon-after-ms',
    label: 'Abandon after',
    kind: 'number',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    default: 500,
    stops: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    help: 'How long such a client waits for its whole answer.',
  },
  seed: {
    name: 'seed',
    flag: '--seed',
    label: 'Seed',
    kind: 'integer',
    min: 0,
    max: 2 ** 31 - 1,
    unit: '',
    default: 1,
    stops: [1, 2, 3, 4, 5],
    help: 'The same seed gives the same arrivals, prompts, lengths and draws under every policy, so two settings can be compared.',
  },
};

/** How `generate` draws its prompts' answers. */
export interface GenerateSampling extends SamplingConfig {
  /** Each prompt's own is made of it and the prompt's place. */
  readonly seed: number;
}

export const GENERATE_PARAMETERS: { readonly [Name in keyof GenerateSampling]: Parameter<Name> } = {
  ...SAMPLING_PARAMETERS,
  seed: {
    ...LOAD_PARAMETERS.seed,
    help: 'Each prompt is drawn for with a seed of its own, made of this one and its place; a prompt may name its own.',
  },
};

export const DEFAULT_LOAD_CONFIG = defaultsOf<LoadConfig>(LOAD_PARAMETERS);

/**
 * What a choice of load parameters means: a rate without an arrival process asks for Poisson arrivals, which have one.
 * A whole configuration, as `configure` returns it, names every parameter and is taken as it is.
 * @param base what it is laid over: an open loop that has a rate stays
 * @throws HeadwayError `invalid-parameter` for a rate of a closed loop or of a trace, which would have no effect
 */
export function withImpliedArrival<Changes extends Partial<LoadConfig>>(
  changes: Changes,
  base: Arrival = DEFAULT_LOAD_CONFIG.arrival,
): Changes {
  const { rate, arrival } = changes;
  if (Object.keys(LOAD_PARAMETERS).every((name) => name in changes)) return changes;
  if (rate === undefined || ARRIVAL_USES[arrival ?? base]?.includes('rate')) return changes;
  if (arrival === undefined && base === 'closed') return { ...changes, arrival: 'poisson' };
  if (arrival !== undefined && !ARRIVALS.includes(arrival)) return changes;
  const instead =
    (arrival ?? base) === 'trace'
      ? 'a trace brings its own arrivals; timeScale (--time-scale) changes its speed'
      : 'a closed loop sends by concurrency (--concurrency)';
  const open = ARRIVALS.filter((name) => ARRIVAL_USES[name].includes('rate'));
  throw new HeadwayError(
    'invalid-parameter',
    `rate (--rate) ${rate} has no effect on arrival (--arrival) ${arrival ?? base}: ${instead}. Allowed with a rate: ${open.join(', ')}.`,
  );
}

/** @throws HeadwayError `invalid-parameter` */
export const changeLoadConfig = (base: LoadConfig, changes: Partial<LoadConfig>) =>
  applyChanges(LOAD_PARAMETERS, base, changes);
