/** How figures read. What was not measured is an en dash, never 0. */
export const NOT_MEASURED = '–';

const LOCALE = 'en';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plain = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3, useGrouping: false });

/** Three significant digits for a rate or a duration: 0.42, 4.2, 42.3, 423, 4,230. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_MEASURED;
  const size = Math.abs(value);
  if (size >= 100) return whole.format(value);
  return size >= 10 ? oneDigit.format(value) : twoDigits.format(value);
}

/** Milliseconds read without fractions from 10 on. */
export function formatMs(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_MEASURED;
  return Math.abs(value) >= 10 ? whole.format(value) : oneDigit.format(value);
}

export const formatInterval = (bounds: readonly [low: number, high: number] | null): string =>
  bounds ? `${formatMs(bounds[0])} to ${formatMs(bounds[1])}` : NOT_MEASURED;

export function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_MEASURED;
  const percent = value * 100;
  return `${percent > 0 && percent < 10 ? oneDigit.format(percent) : whole.format(percent)} %`;
}

/** A set value as it would be typed: no grouping, no padding. */
export const formatCount = (value: number) => plain.format(value);

export const formatWhole = (value: number | null | undefined) =>
  value === null || value === undefined ? NOT_MEASURED : whole.format(value);

/** 1024 → 1k, 16384 → 16k: for ticks. */
export function formatTick(value: number): string {
  if (value >= 1000) return `${plain.format(Math.round(value / 100) / 10)}k`;
  return plain.format(value);
}

/** A span of time in ms as minutes and seconds: `45 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

const digits = [0, 1, 2].map(
  (count) => new Intl.NumberFormat('en', { minimumFractionDigits: count, maximumFractionDigits: count }),
);

/** Decimal, as browsers and file managers count: 12 kB, 4.6 MB, 494 MB, 2.38 GB. */
export function formatBytes(bytes: number): string {
  const as = (unit: number, name: string, places: 0 | 1 | 2) =>
    `${(digits[places] as Intl.NumberFormat).format(bytes / unit)} ${name}`;
  if (bytes < 1e6) return as(1e3, 'kB', 0);
  if (bytes < 1e9) return as(1e6, 'MB', bytes < 1e8 ? 1 : 0);
  return as(1e9, 'GB', 2);
}

/** "1 client", "32 clients". */
export const countOf = (count: number, noun: string) =>
  `${formatWhole(count)} ${noun}${count === 1 ? '' : 's'}`;

/** "mini-gpt (0a1b2c3d)"; the name alone where the engine does not tell a hash. */
export const nameAndHash = (
  { name, sha256 }: { readonly name: string; readonly sha256: string | null },
  digits: number,
) => (sha256 === null ? name : `${name} (${sha256.slice(0, digits)})`);
