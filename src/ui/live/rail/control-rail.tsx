import { VisuallyHidden } from '@mantine/core';
import { useApp } from '../../app-context';
import { LoadSection } from './load-section';
import { ModelSection } from './model-section';
import { PresetSection } from './preset-section';
import classes from './rail.module.css';
import { SchedulerSection } from './scheduler-section';
import { SloSection } from './slo-section';
import type { SettingsSheet } from './use-settings-sheet';

interface ControlRailProps {
  readonly id: string;
  readonly sheet: SettingsSheet;
}

/** Everything that can be set. While a measurement runs it rests, since a change would spoil the figures. */
export function ControlRail({ id, sheet }: ControlRailProps) {
  const measuring = useApp((state) => state.load.status === 'measuring');
  return (
    <aside
      id={id}
      className={classes.rail}
      data-open={sheet.open || undefined}
      aria-label="Settings"
      onKeyDown={(event) => {
        if (event.key === 'Escape') sheet.hide();
      }}
    >
      <button type="button" ref={sheet.closerRef} className={classes.close} onClick={sheet.hide}>
        Done
      </button>
      <fieldset className={classes.fields} disabled={measuring}>
        <VisuallyHidden component="legend">Settings</VisuallyHidden>
        <PresetSection />
        <ModelSection />
        <SchedulerSection />
        <LoadSection />
        <SloSection />
      </fieldset>
    </aside>
  );
}
