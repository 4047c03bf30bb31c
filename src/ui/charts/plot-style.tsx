import type { ReactNode } from 'react';
import type { Policy } from '../../core/serving-config';
import type { PlotSeries, XyPlot } from '../../experiments/plots/plot';

type MarkShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'ring' | 'frame';

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

/** One style per series, in their order. */
export function seriesStyles(series: readonly PlotSeries[]): readonly SeriesStyle[] {
  let next = 0;
  return series.map(({ style, label }) => {
    if (style === 'lone' && label === 'Baseline') return BASELINE;
    const chosen = CYCLE[next++ % CYCLE.length] ?? BASELINE;
    return style === 'steps' ? { ...chosen, mark: null } : chosen;
  });
}

/** A policy has one colour and one mark everywhere, so that it is told without its colour too. */
const POLICY_STYLE: Readonly<Record<Policy, { readonly color: string; readonly mark: MarkShape }>> = {
  sequential: { color: 'var(--hw-sequential)', mark: 'diamond' },
  static: { color: 'var(--hw-static)', mark: 'square' },
  continuous: { color: 'var(--hw-continuous)', mark: 'circle' },
};
const NO_POLICY = { color: 'var(--hw-text)', mark: 'triangle' } as const;

export const styleOf = (policy: Policy | null) => (policy === null ? NO_POLICY : POLICY_STYLE[policy]);

/** How a curve's line tells where its figures come from. */
export const LINE_STYLE = {
  measured: { strokeWidth: 2.25 },
  kept: { strokeWidth: 1.5, strokeDasharray: '2 3' },
  predicted: { strokeWidth: 1.5, strokeDasharray: '7 4' },
} as const;

interface MarkProps {
  readonly shape: MarkShape;
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** Outlined instead of filled. */
  readonly hollow?: boolean;
}

const SIZE = 4.5;

/** One point of a series. */
export function Mark({ shape, x, y, color, hollow = false }: MarkProps) {
  const open = hollow || shape === 'ring';
  const paint = { fill: open ? 'var(--hw-panel)' : color, stroke: color, strokeWidth: 1.75 };
  switch (shape) {
    case 'circle':
    case 'ring':
      return <circle cx={x} cy={y} r={SIZE} {...paint} />;
    case 'square':
      return <rect x={x - 4} y={y - 4} width={8} height={8} {...paint} />;
    case 'triangle':
      return <path d={`M${x} ${y - 5.5}l5.5 9.5h-11z`} {...paint} />;
    case 'diamond':
      return <path d={`M${x} ${y - 6}l6 6l-6 6l-6 -6z`} {...paint} />;
    case 'frame':
      return <path d={`M${x} ${y - 8}l8 8l-8 8l-8 -8z`} fill="none" stroke={color} strokeWidth={1.75} />;
    case 'cross':
      return <path d={`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`} fill="none" stroke={color} strokeWidth={2.5} />;
  }
}

/** One line of a legend: its words, and its stroke or mark in little as SVG of `SWATCH`'s size. */
export interface LegendEntry {
  readonly label: string;
  readonly swatch: ReactNode;
}

export const SWATCH = { width: 26, height: 18 } as const;
const MIDDLE = { x: SWATCH.width / 2, y: SWATCH.height / 2 };

/** Which line and mark is which; what the rings mean where there are some. */
export function legendEntries({ series }: XyPlot): readonly LegendEntry[] {
  const styles = seriesStyles(series);
  const flags = new Set(series.flatMap(({ points }) => points.map(({ flag }) => flag)));
  return [
    ...series.flatMap((own, index) => {
      const style = styles[index];
      return style ? { label: own.label, swatch: <Stroke series={own} style={style} /> } : [];
    }),
    ...(flags.has('lost') ? [{ label: 'requests were lost', swatch: <Ring /> }] : []),
    ...(flags.has('ended early') ? [{ label: 'ended early', swatch: <Ring dash="3 2" /> }] : []),
  ];
}

interface StrokeProps {
  readonly series: PlotSeries;
  readonly style: SeriesStyle;
}

function Stroke({ series, style: { color, width, dash, mark } }: StrokeProps) {
  return (
    <>
      {series.style === 'lone' ? null : (
        <path
          d={`M0 ${MIDDLE.y}h${SWATCH.width}`}
          stroke={color}
          strokeWidth={width}
          {...(dash ? { strokeDasharray: dash } : {})}
        />
      )}
      {mark ? <Mark shape={mark} {...MIDDLE} color={color} /> : null}
    </>
  );
}

const Ring = ({ dash }: { readonly dash?: string }) => (
  <circle
    cx={MIDDLE.x}
    cy={MIDDLE.y}
    r="7.5"
    fill="none"
    stroke="var(--hw-lost)"
    strokeWidth="2"
    {...(dash ? { strokeDasharray: dash } : {})}
  />
);
