import type { PlotSeries } from '../../experiments/plots/plot';
import { Mark } from './mark';
import type { SeriesStyle } from './series-style';

interface SwatchProps {
  readonly series: PlotSeries;
  readonly style: SeriesStyle;
}

export const SWATCH = { width: 26, height: 14 } as const;

/** A series' stroke and mark in little, as SVG of 26 × 14. */
export function Swatch({ series, style: { color, width, dash, mark } }: SwatchProps) {
  return (
    <>
      {series.style === 'lone' ? null : (
        <path
          d={`M0 7h${SWATCH.width}`}
          stroke={color}
          strokeWidth={width}
          {...(dash ? { strokeDasharray: dash } : {})}
        />
      )}
      {mark ? <Mark shape={mark} x={13} y={7} color={color} /> : null}
    </>
  );
}
