import { SegmentedControl } from '@mantine/core';
import { useDocumentVisibility, useInViewport } from '@mantine/hooks';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { slotsOf } from '../../core/serving-config';
import type { SlotSpan } from '../../core/slots';
import { useApp } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { useSize } from '../kit/use-size';
import { filmLayout } from './slot-film';
import { type SlotPlayer, useSlotPlayer } from './slot-player';
import { Seconds, SlotLegend, SlotNumbers, SlotTable, sayReport, saySpan } from './slot-words';
import classes from './timeline.module.css';

interface SlotTipProps {
  readonly player: SlotPlayer | null;
  /** Whether the picture moves under the pointer. */
  readonly isMoving: boolean;
  readonly children: ReactNode;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const LOOK_MS = 100;
/** Of a tip, at most. */
const WIDTH = 240;

/** Words at the pointer for the span below it. The table has the same without a pointer. */
function SlotTip({ player, isMoving, children }: SlotTipProps) {
  const [pointer, setPointer] = useState<Point | null>(null);
  const [span, setSpan] = useState<SlotSpan | null>(null);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    if (!player || !pointer) return setSpan(null);
    const look = () => setSpan(player.spanAt(pointer.x, pointer.y));
    look();
    if (!isMoving) return;
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [player, pointer, isMoving]);
  return (
    <div
      className={classes.pointed}
      onPointerMove={({ currentTarget, clientX, clientY }) => {
        const box = currentTarget.getBoundingClientRect();
        setRoom(box.width);
        setPointer({ x: clientX - box.left, y: clientY - box.top });
      }}
      onPointerLeave={() => setPointer(null)}
    >
      {children}
      {pointer && span ? (
        <p
          className={classes.tip}
          aria-hidden="true"
          style={{ left: Math.max(0, Math.min(pointer.x + 12, room - WIDTH)), top: pointer.y + 14 }}
        >
          {saySpan(span)}
        </p>
      ) : null}
    </div>
  );
}

const WINDOWS = [2, 5, 10].map((seconds) => ({ value: `${seconds * 1000}`, label: `${seconds} s` }));

/** What each slot did in the last seconds, and who waited. It costs nothing while it is held, out of sight, or something measures. */
export function TimelinePanel() {
  const slots = useApp((state) => slotsOf(state.settings.serving));
  const marks = useApp((state) => state.marks);
  const isMeasuring = useApp((state) => state.load.status === 'measuring');
  const [windowMs, setWindowMs] = useState(5000);
  const [hold, setHold] = useState(false);
  const [isTable, setIsTable] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, size] = useSize<HTMLDivElement>();
  const { ref: seen, inViewport } = useInViewport<HTMLDivElement>();
  const isVisible = useDocumentVisibility() === 'visible';
  const width = size?.width ?? 0;
  const wish = useMemo(
    () => (width > 0 ? { width, windowMs, slots, marks: marks.map(({ at }) => at) } : null),
    [width, windowMs, slots, marks],
  );
  const isMoving = inViewport && isVisible && !hold && !isMeasuring;
  const [player, report] = useSlotPlayer(canvas, wish, isMoving);
  const layout = player?.layout ?? filmLayout(slots);
  return (
    <Panel
      title="Slots"
      aside={
        <>
          <SlotLegend report={report} />
          <div className={kit.tools}>
            <SegmentedControl
              size="xs"
              withItemsBorders={false}
              aria-label="Seconds that the slots are shown for"
              data={WINDOWS}
              value={`${windowMs}`}
              onChange={(next) => setWindowMs(Number(next))}
            />
            <Toggle label="Hold slots" isOn={hold} onChange={setHold} />
            <Toggle label="Table" isOn={isTable} onChange={setIsTable} />
          </div>
        </>
      }
    >
      <div ref={seen} className={classes.picture}>
        <SlotNumbers layout={layout} mostWaiting={player?.mostWaiting ?? 0} />
        <SlotTip player={player} isMoving={isMoving}>
          <div
            ref={frame}
            className={classes.film}
            style={{ height: layout.height }}
            role="img"
            aria-label={report ? sayReport(report, windowMs) : 'The slots over time; nothing known yet.'}
          >
            <canvas ref={canvas} />
          </div>
        </SlotTip>
        <Seconds windowMs={windowMs} end={isMoving ? 'now' : 'held'} />
        {isMeasuring ? <p className={classes.note}>Held while something is measured.</p> : null}
        {report?.isCut ? <p className={classes.note}>Not all spans are drawn: there are too many.</p> : null}
      </div>
      {isTable && player ? <SlotTable player={player} report={report} /> : null}
    </Panel>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

const Toggle = ({ label, isOn, onChange }: ToggleProps) => (
  <button type="button" className={kit.toggle} aria-pressed={isOn} onClick={() => onChange(!isOn)}>
    {label}
  </button>
);
