import { Progress } from '@mantine/core';
import { formatWhole } from '../../store/format';
import { useApp } from '../app-context';
import classes from './shell.module.css';

/** Says that a measurement runs, since the settings rest meanwhile. */
export function MeasuringBanner() {
  const load = useApp((state) => state.load);
  if (load.status !== 'measuring') return null;
  const share = load.total > 0 ? (load.done / load.total) * 100 : 0;
  return (
    <div className={classes.measuring} role="status">
      <p>
        Measuring, repeat {load.repeat}: {formatWhole(load.done)} of {formatWhole(load.total)} done. Settings
        rest until it has ended.
      </p>
      <Progress value={share} size="sm" aria-label="Measurement progress" />
    </div>
  );
}
