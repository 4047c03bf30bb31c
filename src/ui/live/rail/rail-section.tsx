import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './rail.module.css';

interface RailSectionProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  /** Puts the group's settings back; none for a group that has none. */
  readonly onReset?: () => void;
  readonly children: ReactNode;
}

/** A group of controls with its own reset. */
export function RailSection({ title, aside, onReset, children }: RailSectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHead}>
        <h2 id={id} className={classes.sectionTitle}>
          {title}
        </h2>
        {aside}
        {onReset ? (
          <button type="button" className={classes.reset} aria-label={`Reset ${title}`} onClick={onReset}>
            Reset
          </button>
        ) : null}
      </div>
      {children}
    </section>
  );
}
