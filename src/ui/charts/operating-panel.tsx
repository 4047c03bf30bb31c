import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PastPicture } from '../../store/app-state';
import { formatFigure, formatMs } from '../../store/format';
import { type Picture, SETTLED_COMPLETIONS } from '../../store/operating-point';
import { pastLabel, pictureOf } from '../../store/past-picture';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import { ModelOverlay } from '../shell/model-overlay';
import { ChartFrame } from './chart-frame';
import classes from './charts.module.css';
import { OperatingChart } from './lazy-charts';
import type { LatencyScale } from './operating-chart';
import { OperatingLegend } from './operating-legend';

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
          <div className={classes.tools}>
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
