import { Button, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from '../top-bar.module.css';

const BURST_SIZES = [10, 50, 100, 500] as const;

/** Requests that a burst sends; remembered by the browser. What it remembers amiss is the third size. */
export function useBurstSize(): readonly [number, (size: number) => void] {
  const [kept, keep] = useLocalStorage<number>({ key: 'headway-burst', defaultValue: BURST_SIZES[2] });
  return [BURST_SIZES.find((size) => size === kept) ?? BURST_SIZES[2], keep];
}

/** Sends some requests at once, on top of what runs. */
function BurstButton() {
  const isFree = useApp(({ model, load }) => model.status === 'ready' && load.status !== 'measuring');
  const actions = useActions();
  const attempt = useAttempt();
  const [size, setSize] = useBurstSize();
  return (
    <span className={classes.burst}>
      <Button
        size="xs"
        variant="default"
        className={classes.burstButton ?? ''}
        disabled={!isFree}
        aria-label={`Burst of ${size} requests`}
        onClick={() => attempt(() => actions.burst(size))}
      >
        Burst
      </Button>
      <NativeSelect
        size="xs"
        className={classes.burstSize ?? ''}
        aria-label="Requests of a burst"
        data={BURST_SIZES.map(String)}
        value={String(size)}
        onChange={(event) => setSize(Number(event.currentTarget.value))}
      />
    </span>
  );
}

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
