import { memo } from 'react';
import { Bar, BarChart, CartesianGrid, Label, Line, LineChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import { formatTick } from '../../store/format';
import type { LatencyCdf } from '../../store/latency-cdf';
import { AXIS, GRID_STROKE, ticksTo, useStableMax } from './axis';

interface CdfChartProps {
  readonly cdf: LatencyCdf | null;
  readonly sloMs: number | null;
  readonly width: number;
  readonly height: number;
}

const CDF_MARGIN = { top: 10, right: 20, bottom: 0, left: 2 };
const CDF_SHARES = [0, 0.25, 0.5, 0.75, 0.95];
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
    <LineChart width={width} height={height} margin={CDF_MARGIN} data={points} accessibilityLayer={false}>
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
        ticks={CDF_SHARES}
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

interface FillChartProps {
  /** `batchFill[n]` = batches of n members. */
  readonly batchFill: readonly number[];
  readonly maxBatch: number;
  readonly width: number;
  readonly height: number;
  /** Whether the axes say what they are, where nothing around the chart does. */
  readonly titled?: boolean;
}

const FILL_MARGIN = { top: 10, right: 12, bottom: 0, left: 2 };
const TITLED_MARGIN = { top: 10, right: 12, bottom: 14, left: 12 };
const FILL_SHARES = [0, 0.25, 0.5, 0.75, 1];

/** How full the batches were: the share of batches that left with n members. */
export const FillChart = memo(function FillChart(props: FillChartProps) {
  const { batchFill, maxBatch, width, height, titled = false } = props;
  const batches = batchFill.reduce((sum, count) => sum + count, 0);
  const largest = Math.max(
    maxBatch,
    batchFill.findLastIndex((count) => count > 0),
  );
  const data = Array.from({ length: largest }, (_, index) => ({
    members: index + 1,
    share: batches > 0 ? (batchFill[index + 1] ?? 0) / batches : 0,
  }));
  return (
    <BarChart
      width={width}
      height={height}
      margin={titled ? TITLED_MARGIN : FILL_MARGIN}
      data={data}
      barCategoryGap={largest > 24 ? 1 : '18%'}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke={GRID_STROKE} vertical={false} />
      <XAxis {...AXIS} dataKey="members" height={22} interval="equidistantPreserveStart">
        {titled ? (
          <Label value="Members" position="insideBottom" offset={-10} className="hw-axis-label" />
        ) : null}
      </XAxis>
      <YAxis
        {...AXIS}
        type="number"
        domain={[0, 1]}
        ticks={FILL_SHARES}
        tickFormatter={(share: number) => `${share * 100} %`}
        width={48}
      >
        {titled ? (
          <Label
            value="Share of batches"
            position="insideLeft"
            angle={-90}
            offset={-2}
            className="hw-axis-label hw-middle"
          />
        ) : null}
      </YAxis>
      <Bar dataKey="share" fill="var(--hw-accent)" radius={[2, 2, 0, 0]} isAnimationActive={false} />
    </BarChart>
  );
});
