import { formatWhole } from '../../store/format';
import { type FilmLayout, numberedSlots } from './film-layout';
import classes from './timeline.module.css';

interface SlotNumbersProps {
  readonly layout: FilmLayout;
  readonly mostWaiting: number;
}

const WIDTH = 46;
const RIGHT = WIDTH - 6;

/** What the rows are: those who wait, on a scale of their own, and the slots. */
export const SlotNumbers = ({ layout, mostWaiting }: SlotNumbersProps) => (
  <svg width={WIDTH} height={layout.height} className={classes.numbers} aria-hidden="true" focusable="false">
    <text x={RIGHT} y={10}>
      {formatWhole(mostWaiting)}
    </text>
    <text x={RIGHT} y={layout.band}>
      queue
    </text>
    {numberedSlots(layout).map((slot) => (
      <text key={slot} x={RIGHT} y={layout.top + slot * layout.lane + Math.max(8, (layout.lane + 7) / 2)}>
        {slot === 0 ? 'slot 1' : slot + 1}
      </text>
    ))}
  </svg>
);

interface SecondsProps {
  readonly windowMs: number;
  readonly end: string;
}

/** When. */
export function Seconds({ windowMs, end }: SecondsProps) {
  const step = windowMs > 5000 ? 2 : 1;
  const count = windowMs / 1000 / step;
  return (
    <p className={classes.seconds} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (count - index) * step).map((seconds) => (
        <span key={seconds}>−{seconds} s</span>
      ))}
      <span>{end}</span>
    </p>
  );
}
