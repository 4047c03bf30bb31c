import type { Plot, XyPlot } from '../../experiments/plots/plot';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { ChartFrame, FillChart, XyChart } from './chart-frame';
import classes from './charts.module.css';
import { legendEntries, SWATCH } from './plot-style';

interface PlotLegendProps {
  readonly plot: XyPlot;
}

const PlotLegend = ({ plot }: PlotLegendProps) => (
  <ul className={kit.legend}>
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

interface PlotPanelProps {
  readonly plot: Plot;
}

/** One plot of an experiment with its legend and how to read it. Its figures stand in the table of results. */
function PlotPanel({ plot }: PlotPanelProps) {
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
