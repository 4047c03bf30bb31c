/**
 * Times of traces in whole ticks of 100 ns, as finely as any of the formats counts: a moment since 1970 with seven digits
 * of a second has more digits than a floating-point number.
 */
export const TICKS_PER_MS = 10_000;
const TICKS_PER_SECOND = 10_000_000n;
const DIGITS_OF_SECOND = 7;

const DATE = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** Of a date and time, with or without an offset from UTC. @returns ticks since 1970, or null for what is no such time */
export function ticksOfDate(text: string): bigint | null {
  const parts = DATE.exec(text);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = parts;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // February 30th and the 25th hour move on to what they are not.
  const read = new Date(ms).toISOString().slice(0, 19);
  if (read !== `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`) return null;
  const offsetSeconds = (sign === '-' ? -60 : 60) * (60 * Number(offsetHours) + Number(offsetMinutes));
  return BigInt(ms / 1000 - offsetSeconds) * TICKS_PER_SECOND + fractionTicks(fraction, DIGITS_OF_SECOND);
}

/** Of a number of seconds (7 digits) or of milliseconds (4). @returns null for what is no number */
export function ticksOfNumber(text: string, digits: 7 | 4): bigint | null {
  const plain = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (plain) {
    const [, sign, whole = '', fraction = ''] = plain;
    const ticks = BigInt(whole) * 10n ** BigInt(digits) + fractionTicks(fraction, digits);
    return sign === '-' ? -ticks : ticks;
  }
  // As programs write very small numbers: 2.5e-05.
  const ticks = text === '' ? Number.NaN : Math.round(Number(text) * 10 ** digits);
  return Number.isFinite(ticks) ? BigInt(ticks) : null;
}

/** What is finer than a tick is cut off. */
const fractionTicks = (fraction: string, digits: number) =>
  BigInt(fraction.slice(0, digits).padEnd(digits, '0'));
