import { memo, useState } from 'react';
import {
  CartesianGrid,
  Label,
  ReferenceArea,
  ReferenceLine,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from 'recharts';
import { formatTick } from '../../store/format';
import type { Plane, PlanePoint } from '../../store/plane';
import { AXIS, floorStep, GRID_STROKE, logTicks, niceCeil, ticksTo, useStableMax } from './axis';
import { OperatingLayer } from './operating-layer';

/** Auto is linear until the latencies lie so far apart that the lower ones would be flattened. */
export type LatencyScale = 'auto' | 'linear' | 'log';

interface OperatingChartProps {
  readonly plane: Plane;
  readonly sloMs: number | null;
  readonly scale: LatencyScale;
  readonly onSet: (point: PlanePoint) => void;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 12, right: 18, bottom: 18, left: 10 };
/** The objective is drawn into the axis unless that would squash the points to less than this share of it. */
const SLO_ROOM = 0.3;
/** Recharts draws its grid at −100. */
const BENEATH_GRID = -200;
/** The highest latency over the lowest: the axis becomes logarithmic at the one, and linear again below the other. */
const FAR_APART = 6;
const TOGETHER = 4;

/** Throughput against p95: where the server is, where it was, and where it stood under other settings. */
export const OperatingChart = memo(function OperatingChart(props: OperatingChartProps) {
  const { plane, sloMs, scale, onSet, width, height } = props;
  const points = [
    ...plane.curves.flatMap((curve) => curve.points.map(({ x, y }) => ({ x, y }))),
    ...plane.trail.map(({ throughput_rps, p95Ms }) => ({ x: throughput_rps, y: p95Ms })),
  ];
  const latencies = points.map(({ y }) => y);
  const highest = Math.max(0, ...latencies);
  const lowest = Math.min(...latencies, highest || 1);
  const isLog = useLog(scale, highest / lowest);
  const fits = sloMs !== null && (highest === 0 || isLog || highest >= sloMs * SLO_ROOM);

  const xMax = useStableMax(Math.max(0, ...points.map(({ x }) => x)) * 1.12);
  const linearTop = useStableMax(Math.max(highest, fits ? sloMs : 0) * 1.12);
  const bottom = isLog ? floorStep(Math.max(0.1, Math.min(lowest, sloMs ?? lowest) * 0.9)) : 0;
  const top = isLog ? Math.max(niceCeil(Math.max(highest, sloMs ?? 0) * 1.1), bottom * 10) : linearTop;
  const ticks = isLog ? logTicks(bottom, top) : ticksTo(top);
  return (
    <ScatterChart width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      {sloMs === null ? null : (
        <ReferenceArea
          y1={bottom}
          y2={fits ? sloMs : top}
          fill="var(--hw-slo-ground)"
          fillOpacity={1}
          zIndex={BENEATH_GRID}
        />
      )}
      <CartesianGrid stroke={GRID_STROKE} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="x"
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
        dataKey="y"
        scale={isLog ? 'log' : 'linear'}
        domain={[bottom, top]}
        ticks={[...ticks]}
        tickFormatter={formatTick}
        width={50}
        allowDataOverflow
      >
        <Label
          value={`E2E latency p95, ms${isLog ? ' (log scale)' : ''}`}
          position="insideLeft"
          angle={-90}
          offset={4}
          className="hw-axis-label hw-middle"
        />
      </YAxis>
      {/* Recharts lays out its axes only for a chart with data. */}
      <Scatter data={[{ x: 0, y: top }]} shape={() => <g />} isAnimationActive={false} />
      {fits ? <ReferenceLine y={sloMs} stroke="var(--hw-slo)" strokeWidth={1.5} zIndex={-1} /> : null}
      <OperatingLayer plane={plane} sloMs={sloMs} sloFits={fits} onSet={onSet} />
    </ScatterChart>
  );
});

/** Whether the latency axis is logarithmic; between the two limits it stays as it is. */
function useLog(scale: LatencyScale, ratio: number): boolean {
  const [isFar, setFar] = useState(false);
  const next = ratio >= FAR_APART || (isFar && ratio >= TOGETHER);
  if (next !== isFar) setFar(next);
  return scale === 'auto' ? next : scale === 'log';
}
