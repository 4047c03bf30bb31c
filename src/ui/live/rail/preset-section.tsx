import { NativeSelect } from '@mantine/core';
import { activePreset, LIVE_PRESETS } from '../../../store/presets';
import { useActions, useApp, useAttempt } from '../../app-context';
import { CopyLink } from './copy-link';
import classes from './rail.module.css';
import { RailSection } from './rail-section';

const NONE = '';

/** Named views of the page, each set at once; and what concerns all settings: a reset, and a link to them. */
export function PresetSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  const active = activePreset(settings);
  return (
    <RailSection title="All settings" aside={<CopyLink />} onReset={() => attempt(actions.resetAll)}>
      <NativeSelect
        size="xs"
        aria-label="Preset"
        value={active?.name ?? NONE}
        data={[
          ...(active ? [] : [{ value: NONE, label: 'Your own settings', disabled: true }]),
          ...LIVE_PRESETS.map(({ name, title }) => ({ value: name, label: title })),
        ]}
        onChange={(event) => {
          const name = event.currentTarget.value;
          attempt(() => actions.applyPreset(name));
        }}
      />
      <p className={classes.facts} role="status">
        {active?.says ?? 'Choose a preset for a view that shows something, and a word on what.'}
      </p>
    </RailSection>
  );
}
