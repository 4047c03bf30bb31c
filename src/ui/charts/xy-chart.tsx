import { memo } from 'react';
import { CartesianGrid, Label, ReferenceLine, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import type { XyPlot } from '../../experiments/plots/plot';
import { AXIS, GRID_STROKE } from './chart-style';
import { XyLayer } from './xy-layer';
import { xAxisOf, yAxisOf } from './xy-scales';

interface XyChartProps {
  readonly plot: XyPlot;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 12, right: 18, bottom: 18, left: 10 };

/** Points, lines, error bars and steps of an experiment. The same on the page and in print. */
export const XyChart = memo(function XyChart({ plot, width, height }: XyChartProps) {
  const x = xAxisOf(plot);
  const y = yAxisOf(plot);
  return (
    <ScatterChart width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke={GRID_STROKE} vertical={plot.x.scale !== 'category'} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="x"
        scale={x.scale}
        domain={[...x.domain]}
        ticks={[...x.ticks]}
        tickFormatter={x.format}
        interval={plot.x.scale === 'linear' ? 'preserveStartEnd' : 0}
        allowDataOverflow
      >
        <Label value={plot.x.label} position="insideBottom" offset={-10} className="hw-axis-label" />
      </XAxis>
      <YAxis
        {...AXIS}
        type="number"
        dataKey="y"
        scale={y.scale}
        domain={[...y.domain]}
        ticks={[...y.ticks]}
        tickFormatter={y.format}
        width={54}
        allowDataOverflow
      >
        <Label
          value={plot.y.scale === 'log' ? `${plot.y.label} (log)` : plot.y.label}
          position="insideLeft"
          angle={-90}
          offset={4}
          className="hw-axis-label hw-middle"
        />
      </YAxis>
      {/* Recharts lays out its axes only for a chart with data. */}
      <Scatter data={[{ x: x.domain[1], y: y.domain[1] }]} shape={() => <g />} isAnimationActive={false} />
      {plot.limit && y.limitFits ? (
        <ReferenceLine y={plot.limit.y} stroke="var(--hw-high)" strokeDasharray="7 4" strokeWidth={1.5} />
      ) : null}
      <XyLayer plot={plot} limitFits={y.limitFits} />
    </ScatterChart>
  );
});
