import type { Plot } from '../../experiments/plots/plot';
import { Panel } from '../kit/panel';
import { ChartFrame } from './chart-frame';
import classes from './charts.module.css';
import { FillChart, XyChart } from './lazy-charts';
import { PlotLegend } from './plot-legend';

interface PlotPanelProps {
  readonly plot: Plot;
}

/** One plot of an experiment with its legend and how to read it. Its figures stand in the table of results. */
export function PlotPanel({ plot }: PlotPanelProps) {
  if (plot.kind === 'fill') {
    return (
      <Panel title={plot.title} className={classes.wide}>
        <p className={classes.plotCaption}>{plot.caption}</p>
        <div className={classes.facets}>
          {plot.facets.map(({ point, label, batchFill, maxBatch }) => (
            <figure key={point}>
              <figcaption>{label}</figcaption>
              <ChartFrame label={`${plot.title}: ${label}`} className={classes.facetFrame}>
                {(width, height) => (
                  <FillChart batchFill={batchFill} maxBatch={maxBatch} width={width} height={height} titled />
                )}
              </ChartFrame>
            </figure>
          ))}
        </div>
      </Panel>
    );
  }
  return (
    <Panel title={plot.title}>
      <p className={classes.plotCaption}>{plot.caption}</p>
      <PlotLegend plot={plot} />
      <ChartFrame
        label={`${plot.title}. ${plot.caption} The table of results has its figures.`}
        className={classes.plotFrame}
      >
        {(width, height) => <XyChart plot={plot} width={width} height={height} />}
      </ChartFrame>
    </Panel>
  );
}
