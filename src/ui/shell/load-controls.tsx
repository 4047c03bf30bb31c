import { Button, VisuallyHidden } from '@mantine/core';
import { useActions, useApp, useAttempt } from '../app-context';
import { BurstButton } from './burst-button';
import classes from './shell.module.css';

/** Starts the load, stops it (what was sent is answered), holds it still for a while, and sends a burst beside it. */
export function LoadControls() {
  const status = useApp((state) => state.load.status);
  const isReady = useApp((state) => state.model.status === 'ready');
  const inFlight = useApp((state) =>
    state.load.status === 'draining' ? (state.snapshot?.inFlight ?? null) : null,
  );
  const actions = useActions();
  const attempt = useAttempt();
  const goes = status === 'running' || status === 'paused';
  const isPaused = status === 'paused';
  return (
    <fieldset className={classes.loadControls}>
      <VisuallyHidden component="legend">Load</VisuallyHidden>
      <Button
        size="xs"
        {...(goes ? { variant: 'default' } : {})}
        className={classes.load ?? ''}
        disabled={!(goes || (isReady && status === 'stopped'))}
        onClick={() => attempt(goes ? actions.stopLoad : actions.startLoad)}
      >
        {wordOf(status, inFlight)}
      </Button>
      <Button
        size="xs"
        {...(isPaused ? {} : { variant: 'default' })}
        className={classes.pause ?? ''}
        disabled={!goes}
        onClick={() => attempt(isPaused ? actions.resumeLoad : actions.pauseLoad)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <BurstButton />
    </fieldset>
  );
}

function wordOf(
  status: 'stopped' | 'running' | 'paused' | 'draining' | 'measuring',
  inFlight: number | null,
) {
  switch (status) {
    case 'stopped':
      return 'Start load';
    case 'running':
    case 'paused':
      return 'Stop load';
    case 'draining':
      return `Draining ${inFlight ?? ''}`;
    case 'measuring':
      return 'Measuring';
  }
}
