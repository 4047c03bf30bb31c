import type { XyPlot } from '../../experiments/plots/plot';
import classes from './charts.module.css';
import { legendEntries, SWATCH } from './legend-entries';

interface PlotLegendProps {
  readonly plot: XyPlot;
}

export const PlotLegend = ({ plot }: PlotLegendProps) => (
  <ul className={classes.legend}>
    {legendEntries(plot).map(({ label, swatch }) => (
      <li key={label}>
        <svg {...SWATCH} aria-hidden="true" focusable="false">
          {swatch}
        </svg>
        {label}
      </li>
    ))}
  </ul>
);
