import { useApp } from '../app-context';
import { LoadSection } from './load-section';
import { ModelSection } from './model-section';
import classes from './rail.module.css';
import { SchedulerSection } from './scheduler-section';
import { SloSection } from './slo-section';

interface ControlRailProps {
  readonly id: string;
  /** On a narrow screen the rail is a sheet that is shown on demand. */
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Everything that can be set. While a measurement runs it rests, since a change would spoil the figures. */
export function ControlRail({ id, open, onClose }: ControlRailProps) {
  const measuring = useApp((state) => state.load.status === 'measuring');
  return (
    <aside
      id={id}
      className={classes.rail}
      data-open={open || undefined}
      aria-label="Settings"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <button type="button" className={classes.close} onClick={onClose}>
        Done
      </button>
      <fieldset className={classes.fields} disabled={measuring}>
        <legend className={classes.legend}>Settings</legend>
        <ModelSection />
        <SchedulerSection />
        <LoadSection />
        <SloSection />
      </fieldset>
    </aside>
  );
}
