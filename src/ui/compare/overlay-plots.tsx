import { useMemo } from 'react';
import { overlayPlots } from '../../experiments/compare/overlay-plots';
import type { Selection } from '../../experiments/compare/selection';
import { PlotPanel } from '../charts/plot-panel';
import classes from './compare.module.css';

interface OverlayPlotsProps {
  readonly selections: readonly Selection[];
}

/** The selections in the same plots. */
export function OverlayPlots({ selections }: OverlayPlotsProps) {
  const plots = useMemo(() => overlayPlots(selections), [selections]);
  return (
    <div className={classes.plots}>
      {plots.map((plot) => (
        <PlotPanel key={plot.name} plot={plot} />
      ))}
    </div>
  );
}
