import { formatFigure, formatMs } from '../core/format';

/** "104 requests/s". */
export const perSecond = (rps: number) => `${formatFigure(rps)} requests/s`;

export const ms = (value: number) => `${formatMs(value)} ms`;

/** "1.7 times". */
export const times = (ratio: number) => `${ratio.toFixed(ratio < 0.1 ? 2 : 1)} times`;

/** Two readings of one setting on a machine that does other things differ by so much; less is no difference. */
const NOISE = 0.15;

export type Comparison = 'less' | 'same' | 'more';

/** How `value` compares with `reference`, where a machine's own unrest counts as the same. */
export function compare(value: number, reference: number): Comparison {
  const ratio = value / reference;
  if (ratio > 1 + NOISE) return 'more';
  return ratio < 1 / (1 + NOISE) ? 'less' : 'same';
}

/** A rate as one would set it: two digits. */
export const tidyRate = (rps: number) => Math.max(0.1, Number(rps.toPrecision(2)));
