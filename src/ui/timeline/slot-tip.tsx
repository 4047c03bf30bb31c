import { type ReactNode, useEffect, useState } from 'react';
import type { SlotSpan } from '../../core/slots';
import type { SlotPlayer } from './slot-player';
import { saySpan } from './slot-words';
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

/** Words at the pointer for the span below it. The table has the same for those who have no pointer. */
export function SlotTip({ player, isMoving, children }: SlotTipProps) {
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
