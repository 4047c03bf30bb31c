import { CloseButton, SegmentedControl } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { POLICIES } from '../../core/serving-config';
import { formatFigure, formatMs } from '../../store/format';
import { type Picture, SETTLED_COMPLETIONS } from '../../store/operating-point';
import { type Plane, type PlanePoint, planeOf } from '../../store/plane';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { ModelOverlay } from '../live/model-overlay';
import { TwinChip } from '../twin/twin-chip';
import { ChartFrame, OperatingChart } from './chart-frame';
import classes from './charts.module.css';
import type { LatencyScale } from './operating-chart';
import { LINE_STYLE, Mark, styleOf } from './plot-style';

interface OperatingLegendProps {
  readonly plane: Plane;
  readonly sloMs: number | null;
}

/** Everything that the chart draws, and nothing that it does not. */
function OperatingLegend({ plane, sloMs }: OperatingLegendProps) {
  const overlays = useApp((state) => state.overlays);
  const { removeOverlay } = useActions();
  const { curves, now, nowPolicy, trail, front } = plane;
  const drawn = [...curves.flatMap(({ policy, points }) => (points.length > 0 ? [policy] : [])), nowPolicy];
  const kinds = new Set(curves.filter(({ points }) => points.length > 1).map(({ kind }) => kind));
  const points = curves.flatMap((curve) => curve.points);
  return (
    <ul className={`${kit.legend} ${classes.under}`} aria-label="Legend of the main chart">
      {POLICIES.filter((policy) => drawn.includes(policy)).map((policy) => (
        <Entry key={policy} label={policy}>
          <Mark shape={styleOf(policy).mark} x={MIDDLE} y={MIDDLE} color={styleOf(policy).color} />
        </Entry>
      ))}
      {now ? (
        <Entry label="now">
          <circle cx={MIDDLE} cy={MIDDLE} r="7" fill={styleOf(nowPolicy).color} opacity={0.25} />
          <Mark shape={styleOf(nowPolicy).mark} x={MIDDLE} y={MIDDLE} color={styleOf(nowPolicy).color} />
        </Entry>
      ) : null}
      {points.some(({ keepsUp }) => !keepsUp) ? (
        <Entry label="did not keep up">
          <Mark shape="circle" x={MIDDLE} y={MIDDLE} color="var(--hw-muted)" hollow />
        </Entry>
      ) : null}
      {points.some(({ lostShare }) => lostShare > 0) ? (
        <Entry label="lost requests">
          <circle cx={MIDDLE} cy={MIDDLE} r="6" className={classes.lostRing} />
        </Entry>
      ) : null}
      {points.some(({ range }) => range !== null) ? (
        <Entry label="95 % interval">
          <path d={`M${MIDDLE} 1v14`} stroke="var(--hw-muted)" />
        </Entry>
      ) : null}
      {LINE_KINDS.filter((kind) => kinds.has(kind)).map((kind) => (
        <Entry key={kind} label={kind === 'kept' ? 'kept run' : kind}>
          <path d={`M0 ${MIDDLE}h16`} stroke="var(--hw-muted)" {...LINE_STYLE[kind]} />
        </Entry>
      ))}
      {trail.length > 1 ? (
        <Entry label="last 30 s">
          <path d={`M0 ${MIDDLE}h16`} stroke={styleOf(nowPolicy).color} strokeWidth="2" opacity="0.4" />
        </Entry>
      ) : null}
      {front.length > 1 ? (
        <Entry
          label="Pareto front"
          title="No other point has as much throughput at as low a p95. Points that lost requests or were overloaded do not count."
        >
          <path d={`M2 ${MIDDLE}h12`} className={classes.front} />
        </Entry>
      ) : null}
      {sloMs === null ? null : (
        <Entry label="SLO met">
          <path d="M0 1h16v14h-16z" fill="var(--hw-slo-ground)" />
          <path d="M0 1h16" stroke="var(--hw-slo)" strokeWidth="1.5" />
        </Entry>
      )}
      {overlays.map(({ id, name }) => (
        <li key={id}>
          {name}
          <CloseButton
            size="xs"
            aria-label={`Remove ${name} from the chart`}
            onClick={() => removeOverlay(id)}
          />
        </li>
      ))}
    </ul>
  );
}

const LINE_KINDS = ['measured', 'kept', 'predicted'] as const;
const MIDDLE = 8;

interface EntryProps {
  readonly label: string;
  readonly title?: string;
  readonly children: ReactNode;
}

const Entry = ({ label, title, children }: EntryProps) => (
  <li title={title}>
    <svg width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
    {label}
  </li>
);

/** The main chart: throughput against tail latency. */
export function OperatingPanel() {
  const picture = useApp((state) => state.picture);
  const overlays = useApp((state) => state.overlays);
  const plane = useMemo(() => planeOf(picture, overlays), [picture, overlays]);
  const sloMs = useApp((state) => state.settings.slo.p95Ms);
  const isReady = useApp((state) => state.model.status === 'ready');
  const status = useApp((state) => state.load.status);
  const [scale, setScale] = useState<LatencyScale>('auto');
  const { configure, clearFinished } = useActions();
  const attempt = useAttempt();
  const setAgain = useCallback(
    ({ setting }: PlanePoint) => {
      if (setting) attempt(() => configure({ serving: setting.serving, load: setting.load }));
    },
    [attempt, configure],
  );
  const waits = isReady && !picture.present;
  return (
    <Panel
      title="Throughput against tail latency"
      className={classes.main}
      aside={
        <>
          <div className={kit.tools}>
            <TwinChip />
            {picture.finished.length > 0 ? (
              <button type="button" className={kit.toggle} onClick={clearFinished}>
                Clear points
              </button>
            ) : null}
            <SegmentedControl
              size="xs"
              withItemsBorders={false}
              aria-label="Latency axis"
              data={[
                { value: 'auto', label: 'Auto' },
                { value: 'linear', label: 'Linear' },
                { value: 'log', label: 'Log' },
              ]}
              value={scale}
              onChange={(next) => setScale(next as LatencyScale)}
            />
          </div>
          <OperatingLegend plane={plane} sloMs={sloMs} />
        </>
      }
    >
      <ChartFrame label={say(picture)} className={classes.mainFrame}>
        {(width, height) => (
          <OperatingChart
            plane={plane}
            sloMs={sloMs}
            scale={scale}
            onSet={setAgain}
            width={width}
            height={height}
          />
        )}
      </ChartFrame>
      {waits ? (
        <p className={plane.curves.length > 0 ? classes.waits : classes.empty}>{waitingFor(status)}</p>
      ) : null}
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

function say({ present, finished }: Picture): string {
  const now = present
    ? `Now ${formatFigure(present.throughput_rps)} requests per second at p95 ${formatMs(present.p95Ms)} milliseconds.`
    : 'No operating point at present.';
  return `Throughput against p95 latency. ${now} ${finished.length} finished settings; the table below lists them.`;
}
