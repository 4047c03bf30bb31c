import { type ReactNode, Suspense } from 'react';
import classes from './charts.module.css';
import { useSize } from './use-size';

interface ChartFrameProps {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
  readonly className?: string | undefined;
  /** Whether it shows what is not measured now, and so is dimmed. */
  readonly isPast?: boolean;
  readonly children: (width: number, height: number) => ReactNode;
}

/** A measured box for one chart, so that the chart is given its size in pixels. Its code comes when it is first needed. */
export function ChartFrame({ label, className, isPast = false, children }: ChartFrameProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  return (
    <div
      ref={ref}
      className={`${classes.frame} ${className ?? ''}`}
      role="img"
      aria-label={label}
      data-past={isPast || undefined}
    >
      {size && size.width > 40 && size.height > 40 ? (
        <Suspense fallback={null}>{children(size.width, size.height)}</Suspense>
      ) : null}
    </div>
  );
}
