import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useActions } from '../../app-context';
import classes from './rail.module.css';
import { useRefusal } from './use-refusal';

/** A directory that the page's own server serves. */
export function ModelServerForm({ model }: { readonly model: string }) {
  const actions = useActions();
  const [text, setText] = useState(model);
  const { refusal, attempt } = useRefusal();
  return (
    <form
      className={classes.directory}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => actions.loadModel({ model: text.trim() }));
      }}
    >
      <TextInput
        size="xs"
        className={classes.directoryInput ?? ''}
        aria-label="Model directory on this server"
        placeholder="models/my-model/"
        spellCheck={false}
        autoComplete="off"
        error={refusal}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className={classes.smallButton}>
        Load
      </button>
    </form>
  );
}
