import { useInViewport, useMergedRef } from '@mantine/hooks';
import { lazy, memo, type ReactNode } from 'react';
import { Part } from '../kit/panel';
import { useSize } from '../kit/use-size';
import classes from './charts.module.css';

/** The charts' code is the largest part of the page after the runtime; the page stands before it has come. */
export const OperatingChart = lazy(async () => ({
  default: (await import('./operating-chart')).OperatingChart,
}));
export const TimeChart = lazy(async () => ({ default: (await import('./time-chart')).TimeChart }));
export const FillChart = lazy(async () => ({ default: (await import('./distribution-charts')).FillChart }));
export const XyChart = lazy(async () => ({ default: (await import('./xy-chart')).XyChart }));
export const CdfChart = lazy(async () => ({ default: (await import('./distribution-charts')).CdfChart }));

type Draw = (width: number, height: number) => ReactNode;

interface ChartFrameProps {
  /** What the picture shows, for a screen reader. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: Draw;
}

/** A measured box for one chart, so that the chart is given its size in pixels. Its code comes when it is first needed. */
export function ChartFrame({ label, className, children }: ChartFrameProps) {
  const [box, size] = useSize<HTMLDivElement>();
  const { ref: seen, inViewport } = useInViewport<HTMLDivElement>();
  const ref = useMergedRef(box, seen);
  return (
    <div ref={ref} className={`${classes.frame} ${className ?? ''}`}>
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

/** Out of sight it stays as it was drawn last: it cannot be seen, and charts are most of what the page costs. */
const Drawing = memo(
  ({ draw, width, height }: DrawingProps) => draw(width, height),
  (_, { isSeen }) => !isSeen,
);
