import { Button } from '@mantine/core';
import { Component, type ReactNode, Suspense } from 'react';
import classes from './part.module.css';

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
      <div role="alert" className={classes.failed}>
        <p>{what} could not be shown.</p>
        <p className={classes.why}>{failure}</p>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </div>
    );
  }
}
