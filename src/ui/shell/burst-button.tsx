import { Button, NativeSelect } from '@mantine/core';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from './shell.module.css';
import { BURST_SIZES, useBurstSize } from './use-burst-size';

/** Sends some requests at once, on top of what runs. */
export function BurstButton() {
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
