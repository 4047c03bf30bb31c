import { memo } from 'react';
import {
  CartesianGrid,
  Label,
  ReferenceLine,
  Scatter,
  ScatterChart,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import type { PlotPoint, PlotSeries, XyPlot } from '../../experiments/plots/plot';
import { formatFigure } from '../../store/format';
import { AXIS, GRID_STROKE } from './axis';
import classes from './charts.module.css';
import { type Box, placeLabels } from './place-labels';
import { Mark, type SeriesStyle, seriesStyles } from './plot-style';
import { xAxisOf, yAxisOf } from './xy-scales';

interface XyLayerProps {
  readonly plot: XyPlot;
  readonly limitFits: boolean;
}

type Pixel = (point: { readonly x: number; readonly y: number }) => {
  readonly x: number;
  readonly y: number;
};

/** The series, drawn over the axes. */
export function XyLayer({ plot, limitFits }: XyLayerProps) {
  const area = usePlotArea();
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (!area || !xScale || !yScale) return null;
  const pixel: Pixel = ({ x, y }) => ({ x: xScale(x) ?? 0, y: yScale(y) ?? 0 });
  const styles = seriesStyles(plot.series);
  return (
    <g>
      {plot.limit ? (
        <LimitLabel plot={plot} area={area} y={limitFits ? pixel({ x: 0, y: plot.limit.y }).y : null} />
      ) : null}
      {plot.series.map((series, index) => {
        const style = styles[index];
        return style ? <Series key={series.label} series={series} style={style} pixel={pixel} /> : null;
      })}
      {plot.labelled ? <Labels plot={plot} area={area} pixel={pixel} /> : null}
    </g>
  );
}

interface SeriesProps {
  readonly series: PlotSeries;
  readonly style: SeriesStyle;
  readonly pixel: Pixel;
}

function Series({ series: { style: kind, points }, style, pixel }: SeriesProps) {
  return (
    <g>
      {kind === 'lone' ? null : (
        <path
          d={pathOf(points.map(pixel), kind === 'steps')}
          fill="none"
          stroke={style.color}
          strokeWidth={style.width}
          strokeLinejoin="round"
          {...(style.dash ? { strokeDasharray: style.dash } : {})}
        />
      )}
      {style.mark
        ? points.map((point) => <Point key={point.point} point={point} style={style} pixel={pixel} />)
        : null}
    </g>
  );
}

/** Joined straight, or level until the next x. */
function pathOf(pixels: readonly { readonly x: number; readonly y: number }[], steps: boolean): string {
  return pixels
    .map(({ x, y }, index) => {
      if (index === 0) return `M${round(x)} ${round(y)}`;
      return steps ? `H${round(x)}V${round(y)}` : `L${round(x)} ${round(y)}`;
    })
    .join('');
}

const round = (value: number) => Math.round(value * 10) / 10;

const CAP = 4;

interface PointProps {
  readonly point: PlotPoint;
  readonly style: SeriesStyle;
  readonly pixel: Pixel;
}

/** A mark with its error bar; ringed where it must not pass for a good one. */
function Point({ point, style, pixel }: PointProps) {
  const { x, y } = pixel(point);
  const { low, high, flag } = point;
  return (
    <g>
      {low !== null && high !== null && high > low ? (
        <path
          d={barOf(x, pixel({ ...point, y: low }).y, pixel({ ...point, y: high }).y)}
          fill="none"
          stroke={style.color}
          strokeWidth={1.25}
        />
      ) : null}
      <Mark shape={style.mark ?? 'circle'} x={x} y={y} color={style.color} hollow={flag !== null} />
      {flag ? (
        <circle
          cx={x}
          cy={y}
          r={9}
          fill="none"
          stroke="var(--hw-lost)"
          strokeWidth={2}
          {...(flag === 'ended early' ? { strokeDasharray: '3 2' } : {})}
        />
      ) : null}
      <title>{describe(point)}</title>
    </g>
  );
}

const barOf = (x: number, low: number, high: number) =>
  `M${x - CAP} ${low}h${2 * CAP}M${x} ${low}V${high}M${x - CAP} ${high}h${2 * CAP}`;

function describe({ text, y, low, high, flag }: PlotPoint): string {
  const spread = low === null || high === null ? '' : ` (${formatFigure(low)} to ${formatFigure(high)})`;
  const warning = flag === 'lost' ? ', requests were lost' : flag ? `, ${flag}` : '';
  return `${text}: ${formatFigure(y)}${spread}${warning}`;
}

interface LabelsProps {
  readonly plot: XyPlot;
  readonly area: Box;
  readonly pixel: Pixel;
}

/** Each point's words where they cover nothing. */
function Labels({ plot, area, pixel }: LabelsProps) {
  const points = plot.series.flatMap(({ style, points: own }) =>
    own.map((point) => ({ ...point, radius: point.flag || style === 'lone' ? 10 : 6 })),
  );
  const places = placeLabels(
    points.map((point) => ({ ...pixel(point), text: point.text, radius: point.radius })),
    area,
  );
  return points.map(({ point, text }, index) => {
    const place = places[index];
    return place ? (
      <text key={point} {...place} className={classes.plotLabel}>
        {text}
      </text>
    ) : null;
  });
}

interface LimitLabelProps {
  readonly plot: XyPlot;
  readonly area: Box;
  /** Where the line is; null when it is above all that is drawn. */
  readonly y: number | null;
}

function LimitLabel({ plot, area, y }: LimitLabelProps) {
  return (
    <text
      x={area.x + area.width - 6}
      y={y === null ? area.y + 14 : y - 6}
      textAnchor="end"
      className={classes.limitLabel}
    >
      {plot.limit?.label}
      {y === null ? ' ↑ above' : ''}
    </text>
  );
}

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
