import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import { formatTick } from '../../store/format';
import type { LatencyCdf } from '../../store/latency-cdf';
import { ticksTo } from './axis';
import { AXIS, GRID_STROKE } from './chart-style';
import { useStableMax } from './use-stable-max';

interface CdfChartProps {
  readonly cdf: LatencyCdf | null;
  readonly sloMs: number | null;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 10, right: 20, bottom: 0, left: 2 };
const SHARES = [0, 0.25, 0.5, 0.75, 0.95];
/** The objective is drawn into the axis unless that would squash the curve to less than this share of it. */
const SLO_ROOM = 0.3;
const REACH_MS = 10;

/** Within which time which share was answered; where the objective and p95 are. */
export const CdfChart = memo(function CdfChart({ cdf, sloMs, width, height }: CdfChartProps) {
  const longest = cdf?.points.at(-1)?.ms ?? 0;
  const fits = sloMs !== null && longest >= sloMs * SLO_ROOM;
  const max = useStableMax(Math.max(REACH_MS, longest * 1.05, fits ? sloMs * 1.05 : 0));
  // Nothing more comes after the slowest.
  const points = cdf ? [...cdf.points, { ms: max, share: cdf.completed }] : [];
  return (
    <LineChart width={width} height={height} margin={MARGIN} data={points} accessibilityLayer={false}>
      <CartesianGrid stroke={GRID_STROKE} vertical={false} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="ms"
        domain={[0, max]}
        ticks={[...ticksTo(max)]}
        tickFormatter={formatTick}
        height={22}
        allowDataOverflow
      />
      <YAxis
        {...AXIS}
        type="number"
        domain={[0, 1]}
        ticks={SHARES}
        tickFormatter={(share: number) => `${Math.round(share * 100)} %`}
        width={48}
        interval={0}
      />
      {fits ? <ReferenceLine x={sloMs} stroke="var(--hw-high)" strokeDasharray="7 4" /> : null}
      {cdf && cdf.completed < 1 ? (
        <ReferenceLine y={cdf.completed} stroke="var(--hw-lost)" strokeDasharray="4 3" />
      ) : null}
      <Line
        dataKey="share"
        type="stepAfter"
        stroke="var(--hw-accent)"
        strokeWidth={2.25}
        dot={false}
        activeDot={false}
        isAnimationActive={false}
      />
    </LineChart>
  );
});
