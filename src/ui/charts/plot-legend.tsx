import type { XyPlot } from '../../experiments/plots/plot';
import classes from './charts.module.css';
import { seriesStyles } from './series-style';
import { SWATCH, Swatch } from './swatch';

interface PlotLegendProps {
  readonly plot: XyPlot;
}

/** Which line and mark is which; what the rings mean where there are some. */
export function PlotLegend({ plot }: PlotLegendProps) {
  const styles = seriesStyles(plot.series);
  const flags = new Set(plot.series.flatMap(({ points }) => points.map(({ flag }) => flag)));
  return (
    <ul className={classes.legend}>
      {plot.series.map((series, index) => {
        const style = styles[index];
        return style ? (
          <li key={series.label}>
            <svg {...SWATCH} aria-hidden="true" focusable="false">
              <Swatch series={series} style={style} />
            </svg>
            {series.label}
          </li>
        ) : null;
      })}
      {flags.has('lost') ? (
        <li>
          <Flag dash={false} />
          requests were lost
        </li>
      ) : null}
      {flags.has('ended early') ? (
        <li>
          <Flag dash />
          ended early
        </li>
      ) : null}
    </ul>
  );
}

const Flag = ({ dash }: { readonly dash: boolean }) => (
  <svg width="18" height="18" aria-hidden="true" focusable="false">
    <circle
      cx="9"
      cy="9"
      r="7"
      fill="none"
      stroke="var(--hw-lost)"
      strokeWidth="2"
      {...(dash ? { strokeDasharray: '3 2' } : {})}
    />
  </svg>
);
