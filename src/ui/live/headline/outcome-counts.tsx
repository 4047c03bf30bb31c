import type { LiveSnapshot } from '../../../core/figures';
import { OUTCOME_STATUS, OUTCOMES } from '../../../core/request';
import { formatWhole } from '../../../store/format';
import classes from './headline.module.css';

interface OutcomeCountsProps {
  readonly totals: LiveSnapshot['totals'] | null;
}

/** How every request ended since the load was started: the ones that did not complete stand beside those that did. */
export function OutcomeCounts({ totals }: OutcomeCountsProps) {
  return (
    <dl className={classes.outcomes} aria-label="Outcomes since the load was started">
      {OUTCOMES.map((outcome) => {
        const count = totals?.[outcome] ?? null;
        const lost = outcome !== 'completed' && count !== null && count > 0;
        return (
          <div key={outcome} className={classes.outcome} data-lost={lost || undefined}>
            <dt>
              {OUTCOME_STATUS[outcome]} <span>{outcome}</span>
            </dt>
            <dd>{formatWhole(count)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
