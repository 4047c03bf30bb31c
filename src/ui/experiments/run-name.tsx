import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { useActions, useAttempt } from '../app-context';
import classes from './experiments.module.css';

interface RunNameProps {
  readonly run: ExperimentRun;
}

/** The run's name, which its owner may change. */
export function RunName({ run }: RunNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const actions = useActions();
  const attempt = useAttempt();
  if (draft === null) {
    return (
      <div className={classes.name}>
        <h2>{run.name}</h2>
        <Button size="compact-xs" variant="default" onClick={() => setDraft(run.name)}>
          Rename
        </Button>
      </div>
    );
  }
  const save = (event: FormEvent) => {
    event.preventDefault();
    const name = draft.trim();
    if (name === '') return;
    attempt(() => actions.renameRun(run.id, name));
    setDraft(null);
  };
  return (
    <form className={classes.name} onSubmit={save}>
      <TextInput
        size="xs"
        aria-label="Name of the run"
        value={draft}
        maxLength={120}
        data-autofocus
        autoFocus
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      <Button type="submit" size="compact-xs" disabled={draft.trim() === ''}>
        Save
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setDraft(null)}>
        Leave it
      </Button>
    </form>
  );
}
