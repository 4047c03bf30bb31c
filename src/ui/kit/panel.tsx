import { Button, CloseButton } from '@mantine/core';
import { Component, type ReactNode, Suspense, useId } from 'react';
import { useActions, useApp } from '../app-context';
import kit from './kit.module.css';

interface PanelProps {
  readonly title: string;
  /** Beside the title: a legend, a figure, a button. */
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A framed part of the picture with its title. */
export function Panel({ title, aside, className, children }: PanelProps) {
  const id = useId();
  return (
    <section className={`${kit.panel} ${className ?? ''}`} aria-labelledby={id}>
      <header className={kit.panelHead}>
        <h2 id={id} className={kit.panelTitle}>
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

interface PartProps {
  /** For people, as the beginning of a sentence: "The charts". */
  readonly what: string;
  /** What stands there until it is here. */
  readonly waiting?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page that comes later than the page, or not at all: then the rest goes on without, and its place says why. */
export class Part extends Component<PartProps, { readonly failure: string | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(error: unknown) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { what, waiting = null, children } = this.props;
    const { failure } = this.state;
    if (failure === null) return <Suspense fallback={waiting}>{children}</Suspense>;
    return (
      <div role="alert" className={kit.failed}>
        <p>{what} could not be shown.</p>
        <p className={kit.why}>{failure}</p>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </div>
    );
  }
}

/** What went wrong, until dismissed. */
export function ProblemList() {
  const problems = useApp((state) => state.problems);
  const actions = useActions();
  return (
    <div role="alert" className={kit.problems}>
      {problems.map((problem) => (
        <div key={problem.id} className={kit.problem}>
          <p>{problem.message}</p>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => actions.dismissProblem(problem.id)} />
        </div>
      ))}
    </div>
  );
}

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
    <section className={kit.section} aria-labelledby={id}>
      <div className={kit.sectionHead}>
        <h2 id={id} className={kit.sectionTitle}>
          {title}
        </h2>
        {aside}
        {onReset ? (
          <button type="button" className={kit.reset} aria-label={`Reset ${title}`} onClick={onReset}>
            Reset
          </button>
        ) : null}
      </div>
      {children}
    </section>
  );
}
