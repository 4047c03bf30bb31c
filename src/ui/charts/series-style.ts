import type { PlotSeries } from '../../experiments/plots/plot';

export type MarkShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'ring' | 'frame';

/** Colour, stroke and mark of one series: each alone tells it from the others, so that print without colour does, too. */
export interface SeriesStyle {
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly mark: MarkShape | null;
}

const CYCLE: readonly SeriesStyle[] = [
  { color: 'var(--hw-accent)', width: 2, mark: 'circle' },
  { color: 'var(--hw-low)', width: 2, dash: '7 3', mark: 'square' },
  { color: 'var(--hw-violet)', width: 2, dash: '2 3', mark: 'triangle' },
  { color: 'var(--hw-high)', width: 2, dash: '9 3 2 3', mark: 'diamond' },
  { color: 'var(--hw-lost)', width: 2, dash: '4 2', mark: 'cross' },
  { color: 'var(--hw-muted)', width: 2, dash: '1 3', mark: 'ring' },
];

/** Never in the cycle, so that it looks the same in every plot; open, so that it hides no point that stands where it does. */
const BASELINE: SeriesStyle = { color: 'var(--hw-text)', width: 2, mark: 'frame' };
const PATH: SeriesStyle = { color: 'var(--hw-line-strong)', width: 1.25, dash: '1 3', mark: null };

/** One style per series, in their order. */
export function seriesStyles(series: readonly PlotSeries[]): readonly SeriesStyle[] {
  let next = 0;
  return series.map(({ style, label }) => {
    if (style === 'path') return PATH;
    if (style === 'lone' && label === 'Baseline') return BASELINE;
    const chosen = CYCLE[next++ % CYCLE.length] ?? PATH;
    return style === 'steps' ? { ...chosen, mark: null } : chosen;
  });
}
