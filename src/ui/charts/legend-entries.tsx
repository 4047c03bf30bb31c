import type { ReactNode } from 'react';
import type { PlotSeries, XyPlot } from '../../experiments/plots/plot';
import { Mark } from './mark';
import { type SeriesStyle, seriesStyles } from './series-style';

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
