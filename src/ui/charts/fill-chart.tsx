import { memo } from 'react';
import { Bar, BarChart, CartesianGrid, Label, XAxis, YAxis } from 'recharts';
import { AXIS, GRID_STROKE } from './chart-style';

interface FillChartProps {
  /** `batchFill[n]` = batches of n members. */
  readonly batchFill: readonly number[];
  readonly maxBatch: number;
  readonly width: number;
  readonly height: number;
  /** Whether the axes say what they are, where nothing around the chart does. */
  readonly titled?: boolean;
}

const MARGIN = { top: 10, right: 12, bottom: 0, left: 2 };
const TITLED_MARGIN = { top: 10, right: 12, bottom: 14, left: 12 };
const SHARES = [0, 0.25, 0.5, 0.75, 1];

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
      margin={titled ? TITLED_MARGIN : MARGIN}
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
        ticks={SHARES}
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
