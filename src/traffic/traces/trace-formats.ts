import { decimalOf } from '../../core/text';

/**
 * Times of traces in whole ticks, ten million to the second or whatever else the trace counts: a moment since 1970 with
 * seven digits of a second has more digits than a floating-point number.
 */
export const TICKS_PER_UNIT = 10_000_000n;
const DIGITS = 7;

const DATE = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** Of a date and time, with or without an offset from UTC. @returns ticks since 1970, or null for what is no such time */
function ticksOfDate(text: string): bigint | null {
  const parts = DATE.exec(text);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = parts;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // February 30th and the 25th hour move on to what they are not.
  const read = new Date(ms).toISOString().slice(0, 19);
  if (read !== `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`) return null;
  const offsetSeconds = (sign === '-' ? -60 : 60) * (60 * Number(offsetHours) + Number(offsetMinutes));
  return BigInt(ms / 1000 - offsetSeconds) * TICKS_PER_UNIT + fractionTicks(fraction);
}

/** Of a number of any unit, ten million ticks each. @returns null for what is no number */
function ticksOfNumber(text: string): bigint | null {
  const plain = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (plain) {
    const [, sign, whole = '', fraction = ''] = plain;
    const ticks = BigInt(whole) * TICKS_PER_UNIT + fractionTicks(fraction);
    return sign === '-' ? -ticks : ticks;
  }
  // As programs write very small numbers: 2.5e-05.
  const ticks = Math.round((decimalOf(text) ?? Number.NaN) * Number(TICKS_PER_UNIT));
  return Number.isFinite(ticks) ? BigInt(ticks) : null;
}

/** What is finer than a tick is cut off. */
const fractionTicks = (fraction: string) => BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, '0'));

/** Where a kind of trace keeps what is needed of it: columns by name, never by number. */
export interface TraceFormat {
  readonly title: string;
  readonly time: string;
  readonly promptTokens: string;
  readonly outputTokens: string;
  /** What its times count by themselves; null for dates. `either`: milliseconds, but the same columns are found with seconds. */
  readonly unit: 's' | 'either' | null;
  /** @returns ticks, or null for what is no time */
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
    unit: null,
    ticksOf: ticksOfDate,
    timeLooks: 'a date and time such as 2023-11-16 18:17:03.9799600',
  },
  {
    title: 'BurstGPT',
    time: 'Timestamp',
    promptTokens: 'Request tokens',
    outputTokens: 'Response tokens',
    unit: 's',
    ticksOf: ticksOfNumber,
    timeLooks: 'a number of seconds',
  },
  {
    title: 'Mooncake',
    time: 'timestamp',
    promptTokens: 'input_length',
    outputTokens: 'output_length',
    unit: 'either',
    ticksOf: ticksOfNumber,
    timeLooks: 'a number of milliseconds or seconds',
  },
  {
    title: 'Vidur',
    time: 'arrived_at',
    promptTokens: 'num_prefill_tokens',
    outputTokens: 'num_decode_tokens',
    unit: 's',
    ticksOf: ticksOfNumber,
    timeLooks: 'a number of seconds',
  },
];

/** The one whose columns are all among these. */
export const formatOf = (columns: readonly string[]): TraceFormat | undefined =>
  TRACE_FORMATS.find((format) =>
    [format.time, format.promptTokens, format.outputTokens].every((name) => columns.includes(name)),
  );
