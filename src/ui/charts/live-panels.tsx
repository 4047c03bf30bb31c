import { useMemo } from 'react';
import { formatFigure, formatMs, formatShare, formatWhole } from '../../store/format';
import { latencyCdf } from '../../store/latency-cdf';
import { useApp } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { CdfChart, ChartFrame, FillChart, TimeChart } from './chart-frame';
import classes from './charts.module.css';
import type { TimeLine } from './time-chart';

export const LATENCY_LINES: readonly TimeLine[] = [
  { key: 'p50Ms', label: 'p50', color: 'var(--hw-low)', width: 1.5 },
  { key: 'p95Ms', label: 'p95', color: 'var(--hw-accent)', width: 2.25 },
  { key: 'p99Ms', label: 'p99', color: 'var(--hw-high)', width: 1.5, dash: '4 3' },
];

export const THROUGHPUT_LINES: readonly TimeLine[] = [
  { key: 'completedRps', label: 'completed', color: 'var(--hw-accent)', width: 2.25 },
  { key: 'lostRps', label: 'lost', color: 'var(--hw-lost)', width: 1.75, dash: '4 3' },
];

export const QUEUE_LINES: readonly TimeLine[] = [
  { key: 'queueDepth', label: 'queued', color: 'var(--hw-accent)', width: 1.75, filled: true },
  { key: 'inFlight', label: 'in flight', color: 'var(--hw-low)', width: 1.5, dash: '4 3' },
];

interface LegendProps {
  readonly lines: readonly TimeLine[];
}

/** Which stroke is which. */
function Legend({ lines }: LegendProps) {
  return (
    <ul className={kit.legend}>
      {lines.map((line) => (
        <li key={line.key}>
          <svg width="18" height="8" aria-hidden="true" focusable="false">
            <line
              x1="0"
              y1="4"
              x2="18"
              y2="4"
              stroke={line.color}
              strokeWidth={line.width}
              {...(line.dash ? { strokeDasharray: line.dash } : {})}
            />
          </svg>
          {line.label}
        </li>
      ))}
    </ul>
  );
}

interface OverTimePanelProps {
  readonly title: string;
  readonly label: string;
  readonly lines: readonly TimeLine[];
  /** Draws the latency objective. */
  readonly withSlo?: boolean;
  /** The axis reaches at least to here. */
  readonly reach?: number;
  /** Of every line, beside the title and at the pointer. */
  readonly unit: string;
}

/** A panel with a few quantities over the last 90 seconds. */
export function OverTimePanel({ title, label, lines, withSlo = false, reach = 0, unit }: OverTimePanelProps) {
  const series = useApp((state) => state.series);
  const marks = useApp((state) => state.marks);
  const sloMs = useApp((state) => (withSlo ? state.settings.slo.p95Ms : null));
  return (
    <Panel title={`${title}, ${unit}`} aside={<Legend lines={lines} />}>
      <ChartFrame label={label}>
        {(width, height) => (
          <TimeChart
            series={series}
            marks={marks}
            lines={lines}
            sloMs={sloMs}
            reach={reach}
            unit={unit}
            width={width}
            height={height}
          />
        )}
      </ChartFrame>
    </Panel>
  );
}

/** The distribution of latency in the window. */
export function CdfPanel() {
  const snapshot = useApp((state) => state.snapshot);
  const sloMs = useApp((state) => state.settings.slo.p95Ms);
  const cdf = useMemo(() => snapshot && latencyCdf(snapshot), [snapshot]);
  const lost = cdf ? 1 - cdf.completed : 0;
  const words = `of ${formatWhole(snapshot?.latency_ms?.count)} completed requests`;
  const missing = lost > 0 ? `${formatShare(lost)} not completed` : '';
  return (
    <Panel
      title="Latency distribution, ms"
      aside={
        <p className={`${classes.caption} ${kit.tools}`} data-lost={lost > 0 || undefined}>
          {missing || words}
        </p>
      }
    >
      <ChartFrame
        label={`Share answered within a time, ${words}: half within ${formatMs(snapshot?.latency_ms?.p50)}, 95 % within ${formatMs(snapshot?.latency_ms?.p95)} milliseconds. ${missing && `${missing}: there the curve ends.`}`}
      >
        {(width, height) => <CdfChart cdf={cdf} sloMs={sloMs} width={width} height={height} />}
      </ChartFrame>
    </Panel>
  );
}

const NO_BATCHES: readonly number[] = [];

/** How full the batches were in the window. */
export function FillPanel() {
  const batchFill = useApp((state) => state.snapshot?.batchFill ?? NO_BATCHES);
  const mean = useApp((state) => state.snapshot?.mean_batch_fill ?? null);
  const { policy, maxBatch } = useApp((state) => state.settings.serving);
  const most = policy === 'sequential' ? 1 : maxBatch;
  return (
    <Panel
      title="Batch fill"
      aside={
        <p className={`${classes.caption} ${kit.tools}`}>
          mean {formatFigure(mean)} of {most}
        </p>
      }
    >
      <ChartFrame
        label={`Share of batches by number of members; mean ${formatFigure(mean)} of at most ${most}`}
      >
        {(width, height) => <FillChart batchFill={batchFill} maxBatch={most} width={width} height={height} />}
      </ChartFrame>
    </Panel>
  );
}
