import { useMemo } from 'react';
import { plotsOf } from '../../experiments/plots/plots-of';
import type { ExperimentRun } from '../../experiments/run';
import { PlotPanel } from '../charts/plot-panel';
import classes from './experiments.module.css';

interface PlotGridProps {
  readonly run: ExperimentRun;
}

/** All plots of a run. They change when a unit was measured, not in between. */
export function PlotGrid({ run }: PlotGridProps) {
  const plots = useMemo(() => plotsOf(run), [run]);
  return (
    <div className={classes.plots}>
      {plots.map((plot) => (
        <PlotPanel key={plot.name} plot={plot} />
      ))}
    </div>
  );
}
