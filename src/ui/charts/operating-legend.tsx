import classes from './charts.module.css';

/** What the points and the line of the main chart are. */
export const OperatingLegend = () => (
  <ul className={`${classes.legend} ${classes.under}`}>
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
