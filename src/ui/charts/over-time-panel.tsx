import type { Mark } from '../../store/series';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import { ChartFrame } from './chart-frame';
import { TimeChart } from './lazy-charts';
import { Legend } from './legend';
import type { TimeLine } from './time-lines';

interface OverTimePanelProps {
  readonly title: string;
  readonly label: string;
  readonly lines: readonly TimeLine[];
  /** Draws the latency objective. */
  readonly withSlo?: boolean;
  /** The axis reaches at least to here. */
  readonly reach?: number;
}

const NONE: readonly Mark[] = [];

/** A panel with a few quantities over the last 90 seconds. */
export function OverTimePanel({ title, label, lines, withSlo = false, reach = 0 }: OverTimePanelProps) {
  const isPast = useApp((state) => state.past !== null);
  const series = useApp((state) => state.past?.series ?? state.series);
  const marks = useApp((state) => (state.past ? NONE : state.marks));
  const sloMs = useApp((state) => (withSlo ? state.settings.slo.p95Ms : null));
  return (
    <Panel title={title} aside={<Legend lines={lines} />}>
      <ChartFrame label={isPast ? `${label}, not measured now` : label} isPast={isPast}>
        {(width, height) => (
          <TimeChart
            series={series}
            marks={marks}
            lines={lines}
            sloMs={sloMs}
            reach={reach}
            width={width}
            height={height}
          />
        )}
      </ChartFrame>
    </Panel>
  );
}
