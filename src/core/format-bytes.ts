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
