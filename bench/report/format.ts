/** Three significant figures, or whole where that is more. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return grouped(value.toFixed(Math.min(6, digits)));
}

const grouped = (text: string) => text.replace(/^-?\d+/, (whole) => Number(whole).toLocaleString('en-US'));

export const percent = (share: number): string => (Number.isFinite(share) ? `${figure(share * 100)} %` : '–');

export const times = (ratio: number): string => (Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : '–');

const UNITS = [
  { from: 1e12, sign: 'T' },
  { from: 1e9, sign: 'G' },
  { from: 1e6, sign: 'M' },
  { from: 1e3, sign: 'k' },
] as const;

/** With the unit's prefix: 12.3 GB. */
export function scaled(value: number, unit: string): string {
  const { from, sign } = UNITS.find((candidate) => value >= candidate.from) ?? { from: 1, sign: '' };
  return `${figure(value / from)} ${sign}${unit}`;
}

/** A Markdown table whose columns are as wide as their widest cell, so that it can be read as it is; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
