import { memo } from 'react';
import { CartesianGrid, Label, ReferenceLine, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import { formatTick } from '../../store/format';
import type { Picture } from '../../store/operating-point';
import { logTicks, niceCeil, ticksTo } from './axis';
import { AXIS, GRID_STROKE } from './chart-style';
import { OperatingLayer } from './operating-layer';
import { useStableMax } from './use-stable-max';

export type LatencyScale = 'linear' | 'log';

interface OperatingChartProps {
  readonly picture: Picture;
  readonly sloMs: number | null;
  readonly scale: LatencyScale;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 12, right: 18, bottom: 18, left: 10 };
/** The objective is drawn into the axis unless that would squash the points to less than this share of it. */
const SLO_ROOM = 0.3;

/** Throughput against p95: where the server is, where it was, and where it stood under other settings. */
export const OperatingChart = memo(function OperatingChart(props: OperatingChartProps) {
  const { picture, sloMs, scale, width, height } = props;
  const points = [...picture.finished.map((finished) => finished.point), ...picture.trail];
  if (picture.present) points.push(picture.present);
  const throughputs = points.map((point) => point.throughputRps);
  const latencies = points.map((point) => point.p95Ms);
  const highest = Math.max(0, ...latencies);
  const fits = sloMs !== null && (highest === 0 || scale === 'log' || highest >= sloMs * SLO_ROOM);

  const xMax = useStableMax(Math.max(0, ...throughputs) * 1.12);
  const yMax = useStableMax(Math.max(highest, fits ? sloMs : 0) * 1.12);
  const lowest = Math.min(highest || 1, ...latencies, fits ? sloMs : Number.POSITIVE_INFINITY);
  const yMin = scale === 'log' ? 10 ** Math.floor(Math.log10(Math.max(0.1, lowest * 0.8))) : 0;
  const top = scale === 'log' ? Math.max(niceCeil(yMax), yMin * 10) : yMax;

  return (
    <ScatterChart width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke={GRID_STROKE} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="throughputRps"
        domain={[0, xMax]}
        ticks={[...ticksTo(xMax)]}
        tickFormatter={formatTick}
        allowDataOverflow
      >
        <Label
          value="Throughput, requests/s"
          position="insideBottom"
          offset={-10}
          className="hw-axis-label"
        />
      </XAxis>
      <YAxis
        {...AXIS}
        type="number"
        dataKey="p95Ms"
        scale={scale}
        domain={[yMin, top]}
        ticks={[...(scale === 'log' ? logTicks(yMin, top) : ticksTo(top))]}
        tickFormatter={formatTick}
        width={50}
        allowDataOverflow
      >
        <Label
          value="Latency p95, ms"
          position="insideLeft"
          angle={-90}
          offset={4}
          className="hw-axis-label hw-middle"
        />
      </YAxis>
      {/* Recharts lays out its axes only for a chart with data. */}
      <Scatter data={[{ throughputRps: 0, p95Ms: top }]} shape={() => <g />} isAnimationActive={false} />
      {fits ? (
        <ReferenceLine y={sloMs} stroke="var(--hw-high)" strokeDasharray="7 4" strokeWidth={1.5} />
      ) : null}
      <OperatingLayer picture={picture} sloMs={sloMs} sloFits={fits} />
    </ScatterChart>
  );
});
