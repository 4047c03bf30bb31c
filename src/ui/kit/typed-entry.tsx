import { TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './control.module.css';

interface TypedEntryProps {
  readonly label: string;
  /** The value in force, as it would be typed. */
  readonly value: string;
  readonly unit: string;
  readonly disabled?: boolean;
  readonly describedBy?: string;
  /** Rejects or throws for a text that is not allowed; the old value stays in force then. */
  readonly onCommit: (text: string) => Promise<void>;
  readonly onError: (message: string | null) => void;
  readonly invalid: boolean;
}

/** A field beside a slider. Enter or leaving it commits, Escape restores the value in force. */
export function TypedEntry(props: TypedEntryProps) {
  const { label, value, unit, disabled, describedBy, invalid, onCommit, onError } = props;
  const [draft, setDraft] = useState<string | null>(null);

  const commit = async () => {
    if (draft === null) return;
    if (draft.trim() === value) return restore();
    try {
      await onCommit(draft);
      restore();
    } catch (error) {
      onError(error instanceof Error ? error.message : String(error));
    }
  };
  const restore = () => {
    setDraft(null);
    onError(null);
  };

  return (
    <TextInput
      size="xs"
      className={classes.entry}
      classNames={{ input: classes.entryInput, section: classes.entryUnit }}
      aria-label={unit ? `${label} (${unit})` : label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      data-invalid={invalid || undefined}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      disabled={disabled ?? false}
      value={draft ?? value}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void commit();
        if (event.key === 'Escape') {
          event.stopPropagation();
          restore();
        }
      }}
    />
  );
}
