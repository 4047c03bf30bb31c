import { CloseButton, NativeSelect } from '@mantine/core';
import type { RunHeader } from '../../store/experiments-state';
import { useApp } from '../app-context';
import { useOpenRun } from '../experiments/use-open-run';
import classes from './compare.module.css';

/** A kept run and one of its points by their ids; no point is all of them. */
export interface Choice {
  readonly run: string | null;
  readonly point: string | null;
}

interface SidePickerProps {
  readonly letter: string;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly onRemove: (() => void) | null;
}

/** Chooses one side of the comparison. The first is what the others are compared with. */
export function SidePicker({ letter, choice, onChange, onRemove }: SidePickerProps) {
  const headers = useApp((state) => state.experiments.headers);
  const run = useOpenRun(choice.run);
  return (
    <div className={classes.picker}>
      <b aria-hidden="true">{letter}</b>
      <NativeSelect
        size="xs"
        aria-label={letter === 'A' ? 'Run A, the reference' : `Run ${letter}`}
        className={classes.run ?? ''}
        value={choice.run ?? ''}
        onChange={(event) => onChange({ run: event.currentTarget.value || null, point: null })}
        data={[
          { value: '', label: letter === 'A' ? 'Choose the reference …' : 'Choose a run …' },
          ...headers.map((header) => ({ value: header.id, label: optionOf(header) })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={`Point of run ${letter}`}
        className={classes.point ?? ''}
        disabled={run === null}
        value={choice.point ?? ''}
        onChange={(event) => onChange({ ...choice, point: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'all points' },
          ...(run?.points ?? []).map(({ id, label }) => ({ value: id, label })),
        ]}
      />
      {onRemove ? <CloseButton size="sm" aria-label={`Remove ${letter}`} onClick={onRemove} /> : null}
    </div>
  );
}

const optionOf = ({ name, started_at, environment }: RunHeader) =>
  `${name} · ${environment.adapter.name} · ${started_at.slice(0, 16).replace('T', ' ')}`;
