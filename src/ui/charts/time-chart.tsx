import { memo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  Tooltip,
  usePlotArea,
  useXAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { formatFigure, formatTick } from '../../store/format';
import { type Mark, markLabel, SERIES_SPAN_MS, type SeriesPoint } from '../../store/series';
import { AXIS, GRID_STROKE, ticksTo, useStableMax } from './axis';
import classes from './charts.module.css';

/** One quantity over time: a colour and a stroke that tell it apart without the colour. */
export interface TimeLine {
  readonly key: Exclude<keyof SeriesPoint, 'at'>;
  readonly label: string;
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly filled?: boolean;
}

interface MarkLabelsProps {
  readonly marks: readonly Mark[];
}

const GLYPH_WIDTH = 5.7;

/** A handle on each mark, and the words of the latest one where they fit. */
export function MarkLabels({ marks }: MarkLabelsProps) {
  const area = usePlotArea();
  const scale = useXAxisScale();
  if (!area || !scale) return null;
  const latest = marks.at(-1);
  return (
    <g>
      {marks.map((mark) => {
        const x = scale(mark.at) ?? 0;
        return (
          <path key={mark.at} d={`M${x - 4} ${area.y - 7}h8l-4 6z`} className={classes.mark}>
            <title>{markLabel(mark)}</title>
          </path>
        );
      })}
      {latest ? (
        <LatestLabel
          text={markLabel(latest)}
          positions={marks.map((mark) => scale(mark.at) ?? 0)}
          area={area}
        />
      ) : null}
    </g>
  );
}

interface LatestLabelProps {
  readonly text: string;
  /** Of all marks, the latest last. */
  readonly positions: readonly number[];
  readonly area: { readonly x: number; readonly y: number; readonly width: number };
}

function LatestLabel({ text, positions, area }: LatestLabelProps) {
  const x = positions.at(-1) ?? 0;
  const before = positions.at(-2) ?? Number.NEGATIVE_INFINITY;
  const width = text.length * GLYPH_WIDTH + 8;
  const fitsRight = x + width <= area.x + area.width;
  const fitsLeft = x - width >= Math.max(area.x, before + 6);
  if (!fitsRight && !fitsLeft) return null;
  return (
    <text
      x={fitsRight ? x + 8 : x - 8}
      y={area.y - 3}
      textAnchor={fitsRight ? 'start' : 'end'}
      className={classes.markLabel}
    >
      {text}
    </text>
  );
}

interface TimeChartProps {
  readonly series: readonly SeriesPoint[];
  readonly marks: readonly Mark[];
  readonly lines: readonly TimeLine[];
  readonly sloMs?: number | null;
  /** The axis reaches at least to here. */
  readonly reach?: number;
  /** Of every line. */
  readonly unit: string;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 18, right: 20, bottom: 0, left: 2 };
const TICKS_S = [-90, -60, -30, 0];

/** A few quantities over the last minute and a half, with a line wherever a setting changed. */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { series, marks, lines, sloMs = null, reach = 0, unit, width, height } = props;
  const now = series.at(-1)?.at ?? 0;
  const start = now - SERIES_SPAN_MS;
  const max = useStableMax(Math.max(reach, highest(series, lines) * 1.05));
  const visible = marks.filter((mark) => mark.at > start && mark.at <= now);

  return (
    <ComposedChart
      width={width}
      height={height}
      margin={MARGIN}
      data={[...series]}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke={GRID_STROKE} vertical={false} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="at"
        domain={[start, now]}
        ticks={TICKS_S.map((seconds) => now + seconds * 1000)}
        tickFormatter={(at: number) => sinceNow(at - now)}
        interval={0}
        height={22}
        allowDataOverflow
      />
      <YAxis
        {...AXIS}
        type="number"
        domain={[0, max]}
        ticks={[...ticksTo(max)]}
        tickFormatter={formatTick}
        width={40}
        allowDataOverflow
      />
      {visible.map((mark) => (
        <ReferenceLine key={mark.at} x={mark.at} stroke="var(--hw-line-strong)" strokeDasharray="2 3" />
      ))}
      {sloMs !== null && sloMs <= max ? (
        <ReferenceLine y={sloMs} stroke="var(--hw-high)" strokeDasharray="7 4" />
      ) : null}
      {lines.map((line) =>
        line.filled ? (
          <Area
            key={line.key}
            dataKey={line.key}
            stroke={line.color}
            fill={line.color}
            fillOpacity={0.16}
            strokeWidth={line.width}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        ) : (
          <Line
            key={line.key}
            dataKey={line.key}
            stroke={line.color}
            strokeWidth={line.width}
            {...(line.dash ? { strokeDasharray: line.dash } : {})}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        ),
      )}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--hw-line-strong)', strokeDasharray: '2 3' }}
        content={({ payload }) => <TimeTip point={payload[0]?.payload} lines={lines} now={now} unit={unit} />}
      />
      <MarkLabels marks={visible} />
    </ComposedChart>
  );
});

interface TimeTipProps {
  readonly point: SeriesPoint | undefined;
  readonly lines: readonly TimeLine[];
  readonly now: number;
  readonly unit: string;
}

/** All figures of the moment that the pointer is at. */
function TimeTip({ point, lines, now, unit }: TimeTipProps) {
  if (!point) return null;
  return (
    <dl className={classes.timeTip}>
      <dt>{sinceNow(point.at - now)}</dt>
      {lines.map(({ key, label, color }) => (
        <dd key={key} style={{ color }}>
          {label} {formatFigure(point[key])} {unit}
        </dd>
      ))}
    </dl>
  );
}

function highest(series: readonly SeriesPoint[], lines: readonly TimeLine[]): number {
  let max = 0;
  for (const point of series) {
    for (const line of lines) max = Math.max(max, point[line.key] ?? 0);
  }
  return max;
}

function sinceNow(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds === 0 ? 'now' : `−${-seconds} s`;
}
