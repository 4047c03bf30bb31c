import { Button } from '@mantine/core';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from './shell.module.css';

/** Starts the load, or stops it: nothing more is sent then, and what was sent is answered. */
export function LoadButton() {
  const status = useApp((state) => state.load.status);
  const isReady = useApp((state) => state.model.status === 'ready');
  const inFlight = useApp((state) =>
    state.load.status === 'draining' ? (state.snapshot?.inFlight ?? null) : null,
  );
  const actions = useActions();
  const attempt = useAttempt();
  if (status === 'running') {
    return (
      <Button
        size="xs"
        variant="default"
        className={classes.load ?? ''}
        onClick={() => attempt(actions.stopLoad)}
      >
        Stop load
      </Button>
    );
  }
  return (
    <Button
      size="xs"
      className={classes.load ?? ''}
      disabled={!isReady || status !== 'stopped'}
      onClick={() => attempt(actions.startLoad)}
    >
      {status === 'draining'
        ? `Draining ${inFlight ?? ''}`
        : status === 'measuring'
          ? 'Measuring'
          : 'Start load'}
    </Button>
  );
}
