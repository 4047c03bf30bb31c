import type { Plot } from '../../experiments/plots/plot';
import classes from './charts.module.css';
import { PlotPanel } from './plot-panel';

interface PlotGridProps {
  readonly plots: readonly Plot[];
}

/** Plots side by side where there is room; a wide one leaves no hole. */
export function PlotGrid({ plots }: PlotGridProps) {
  return (
    <div className={classes.plots}>
      {plots.map((plot) => (
        <PlotPanel key={plot.name} plot={plot} />
      ))}
    </div>
  );
}
