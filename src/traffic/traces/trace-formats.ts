import { ticksOfDate, ticksOfNumber } from './trace-time';

/** Where a kind of trace keeps what is needed of it: columns by name, never by number. */
export interface TraceFormat {
  readonly title: string;
  readonly time: string;
  readonly promptTokens: string;
  readonly outputTokens: string;
  /** @returns ticks of 100 ns, or null for what is no time */
  readonly ticksOf: (text: string) => bigint | null;
  /** What such a time looks like, for an error sentence. */
  readonly timeLooks: string;
}

export const TRACE_FORMATS: readonly TraceFormat[] = [
  {
    title: 'Azure LLM inference',
    time: 'TIMESTAMP',
    promptTokens: 'ContextTokens',
    outputTokens: 'GeneratedTokens',
    ticksOf: ticksOfDate,
    timeLooks: 'a date and time such as 2023-11-16 18:17:03.9799600',
  },
  {
    title: 'BurstGPT',
    time: 'Timestamp',
    promptTokens: 'Request tokens',
    outputTokens: 'Response tokens',
    ticksOf: (text) => ticksOfNumber(text, 7),
    timeLooks: 'a number of seconds',
  },
  {
    title: 'Mooncake',
    time: 'timestamp',
    promptTokens: 'input_length',
    outputTokens: 'output_length',
    ticksOf: (text) => ticksOfNumber(text, 4),
    timeLooks: 'a number of milliseconds',
  },
  {
    title: 'Vidur',
    time: 'arrived_at',
    promptTokens: 'num_prefill_tokens',
    outputTokens: 'num_decode_tokens',
    ticksOf: (text) => ticksOfNumber(text, 7),
    timeLooks: 'a number of seconds',
  },
];

/** The one whose columns are all among these. */
export const formatOf = (columns: readonly string[]): TraceFormat | undefined =>
  TRACE_FORMATS.find((format) =>
    [format.time, format.promptTokens, format.outputTokens].every((name) => columns.includes(name)),
  );
