import classes from './charts.module.css';
import type { TimeLine } from './time-lines';

interface LegendProps {
  readonly lines: readonly TimeLine[];
}

/** Which stroke is which. */
export function Legend({ lines }: LegendProps) {
  return (
    <ul className={classes.legend}>
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
