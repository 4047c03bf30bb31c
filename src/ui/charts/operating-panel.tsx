import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PastPicture } from '../../store/app-state';
import { formatFigure, formatMs } from '../../store/format';
import { type Picture, SETTLED_COMPLETIONS } from '../../store/operating-point';
import { pastLabel, pictureOf } from '../../store/past-picture';
import { useApp } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { ModelOverlay } from '../live/model-overlay';
import { ChartFrame, OperatingChart } from './chart-frame';
import classes from './charts.module.css';
import type { LatencyScale } from './operating-chart';

/** What the points and the line of the main chart are. */
const OperatingLegend = () => (
  <ul className={`${kit.legend} ${classes.under}`}>
    <li>
      <svg width="14" height="14" aria-hidden="true" focusable="false">
        <circle cx="7" cy="7" r="5" fill="var(--hw-accent)" />
      </svg>
      now
    </li>
    <li>
      <svg width="12" height="14" aria-hidden="true" focusable="false">
        <circle cx="6" cy="7" r="4.5" fill="var(--hw-text)" />
      </svg>
      finished
    </li>
    <li>
      <svg width="16" height="16" aria-hidden="true" focusable="false">
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke="var(--hw-lost)"
          strokeWidth="2"
          strokeDasharray="3 2"
        />
      </svg>
      lost some
    </li>
    <li title="No other point has as much throughput at as low a p95. Points that lost requests or were overloaded do not count.">
      <svg width="18" height="8" aria-hidden="true" focusable="false">
        <path d="M0 4h18" stroke="var(--hw-low)" strokeWidth="2" />
      </svg>
      Pareto front
    </li>
  </ul>
);

/** The main chart: throughput against tail latency. */
export function OperatingPanel() {
  const past = useApp((state) => state.past);
  const measured = useApp((state) => state.picture);
  const picture = useMemo(() => (past ? pictureOf(past) : measured), [past, measured]);
  const sloMs = useApp((state) => state.settings.slo.p95Ms);
  const isReady = useApp((state) => state.model.status === 'ready');
  const status = useApp((state) => state.load.status);
  const [scale, setScale] = useState<LatencyScale>('linear');
  const waits = isReady && !measured.present;
  return (
    <Panel
      title="Throughput against tail latency"
      className={classes.main}
      aside={
        <>
          <div className={kit.tools}>
            <SegmentedControl
              size="xs"
              withItemsBorders={false}
              aria-label="Latency axis"
              data={[
                { value: 'linear', label: 'Linear' },
                { value: 'log', label: 'Log' },
              ]}
              value={scale}
              onChange={(next) => setScale(next as LatencyScale)}
            />
          </div>
          <OperatingLegend />
        </>
      }
    >
      {past ? (
        <p className={classes.pastLabel}>
          {pastLabel(past)} {waits ? waitingFor(status) : ''}
        </p>
      ) : null}
      <ChartFrame
        label={past ? sayPast(past) : say(picture)}
        className={classes.mainFrame}
        isPast={past !== null}
      >
        {(width, height) => (
          <OperatingChart picture={picture} sloMs={sloMs} scale={scale} width={width} height={height} />
        )}
      </ChartFrame>
      {waits && !past ? <p className={classes.empty}>{waitingFor(status)}</p> : null}
      <ModelOverlay />
    </Panel>
  );
}

function waitingFor(status: string): string {
  if (status === 'stopped') return 'No load is running. Start it, and the operating point appears here.';
  if (status === 'paused') return 'Paused: nothing is sent, so there is no operating point until it goes on.';
  if (status === 'draining') return 'Draining: what was sent is being answered.';
  return `Waiting for the first completions under this setting; the point stands after ${SETTLED_COMPLETIONS}.`;
}

const sayPast = (past: PastPicture) =>
  `${pastLabel(past)} Throughput against p95 latency of ${past.picture.finished.length} finished settings.`;

function say({ present, finished }: Picture): string {
  const now = present
    ? `Now ${formatFigure(present.throughputRps)} requests per second at p95 ${formatMs(present.p95Ms)} milliseconds.`
    : 'No operating point at present.';
  return `Throughput against p95 latency. ${now} ${finished.length} finished settings; the table below lists them.`;
}
