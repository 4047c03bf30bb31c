import { useInViewport, useMergedRef } from '@mantine/hooks';
import { memo, type ReactNode } from 'react';
import { Part } from '../kit/part';
import classes from './charts.module.css';
import { useSize } from './use-size';

type Draw = (width: number, height: number) => ReactNode;

interface ChartFrameProps {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
  readonly className?: string | undefined;
  /** Whether it shows what is not measured now, and so is dimmed. */
  readonly isPast?: boolean;
  readonly children: Draw;
}

/** A measured box for one chart, so that the chart is given its size in pixels. Its code comes when it is first needed. */
export function ChartFrame({ label, className, isPast = false, children }: ChartFrameProps) {
  const [box, size] = useSize<HTMLDivElement>();
  const { ref: seen, inViewport } = useInViewport<HTMLDivElement>();
  const ref = useMergedRef(box, seen);
  return (
    <div ref={ref} className={`${classes.frame} ${className ?? ''}`} data-past={isPast || undefined}>
      {size && size.width > 40 && size.height > 40 ? (
        <Part what="The chart">
          <div role="img" aria-label={label}>
            <Drawing {...size} draw={children} isSeen={inViewport} />
          </div>
        </Part>
      ) : null}
    </div>
  );
}

interface DrawingProps {
  readonly width: number;
  readonly height: number;
  readonly draw: Draw;
  readonly isSeen: boolean;
}

/** Out of sight it stays as it was drawn last: nobody sees it, and charts are most of what the page costs. */
const Drawing = memo(
  ({ draw, width, height }: DrawingProps) => draw(width, height),
  (_, { isSeen }) => !isSeen,
);
