import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useActions, useApp } from '../../app-context';
import classes from './requests.module.css';

/** Sends the visitor's own sentence through the loaded queue. */
export function OwnSentence() {
  const isReady = useApp((state) => state.model.status === 'ready' && state.load.status !== 'measuring');
  const actions = useActions();
  const [text, setText] = useState('He go to school every days');
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    setError(null);
    try {
      await actions.send(text.trim());
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && text.trim() !== '') void send();
      }}
    >
      <TextInput
        size="xs"
        className={classes.field ?? ''}
        aria-label="Your own sentence"
        placeholder="A sentence with a mistake in it"
        autoComplete="off"
        error={error}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={!isReady || text.trim() === ''}>
        Send
      </Button>
    </form>
  );
}
