import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { Settings } from '../../store/settings';
import { useApp } from '../app-context';
import classes from './control.module.css';

/**
 * Why a control's last wish was refused. Forgotten when any setting changes: what was refused for the sake of another
 * setting may be granted now.
 */
export function useRefusal(): readonly [string | null, (wish: () => Promise<void>) => void] {
  const settings = useApp((state) => state.settings);
  const [refusal, setRefusal] = useState<{ readonly why: string; readonly under: Settings } | null>(null);
  const wish = (act: () => Promise<void>) => {
    setRefusal(null);
    act().catch((error: unknown) =>
      setRefusal({ why: error instanceof Error ? error.message : String(error), under: settings }),
    );
  };
  return [refusal?.under === settings ? refusal.why : null, wish];
}

/** What a control says about itself: read from the parameter tables, never written twice. */
export interface ControlWords {
  readonly label: string;
  readonly flag: string;
  readonly help: string;
  readonly allowed: string;
  readonly elsewhere?: Readonly<Record<string, string>> | undefined;
}

interface ControlFrameProps {
  readonly words: ControlWords;
  readonly unused?: string | null;
  readonly error?: string | null;
  readonly errorId?: string;
  readonly entry?: ReactNode;
  readonly children?: ReactNode;
}

/** Label, help on demand, the control itself and its error. */
export function ControlFrame({ words, unused, error, errorId, entry, children }: ControlFrameProps) {
  const [open, setOpen] = useState(false);
  const helpId = useId();
  return (
    <div className={classes.control} data-unused={unused ? true : undefined}>
      <div className={classes.head}>
        <span className={classes.label}>{words.label}</span>
        <button
          type="button"
          className={classes.help}
          aria-label={`What ${words.label} does`}
          aria-expanded={open}
          aria-controls={helpId}
          onClick={() => setOpen(!open)}
        >
          ?
        </button>
        {entry}
      </div>
      {children}
      {unused ? <p className={classes.note}>No effect: {unused}.</p> : null}
      {error ? (
        <p id={errorId} className={classes.error} role="alert">
          {error}
        </p>
      ) : null}
      <div id={helpId} hidden={!open} className={classes.helpText}>
        <p>{words.help}</p>
        {words.elsewhere ? (
          <dl className={classes.elsewhere}>
            {Object.entries(words.elsewhere).map(([system, name]) => (
              <div key={system}>
                <dt>{system}</dt>
                <dd>{name}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        <p className={classes.flag}>
          <code>{words.flag}</code> {words.allowed}
        </p>
      </div>
    </div>
  );
}

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
      classNames={{ input: classes.entryInput }}
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

interface ChoiceControlProps {
  readonly words: ControlWords;
  readonly choices: readonly string[];
  readonly value: string;
  /** Rejects for a value that is not allowed beside the other settings. */
  readonly onChange: (value: string) => Promise<void>;
}

/** More choices than these stand on a line of their own. */
const MOST_BESIDE_LABEL = 2;
/** More than these do not fit a line at all. */
const MOST_IN_A_LINE = 4;

/** One of a few words. */
export function ChoiceControl({ words, choices, value, onChange }: ChoiceControlProps) {
  const [error, wish] = useRefusal();
  const choose = (next: string) => wish(() => onChange(next));
  if (choices.length > MOST_IN_A_LINE) {
    const list = (
      <NativeSelect
        size="xs"
        className={classes.inline ?? ''}
        aria-label={words.label}
        data={[...choices]}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    );
    return <ControlFrame words={words} error={error} entry={list} />;
  }
  const isShort = choices.length <= MOST_BESIDE_LABEL;
  const control = (
    <SegmentedControl
      fullWidth
      size="xs"
      withItemsBorders={false}
      className={isShort ? (classes.inline ?? '') : ''}
      aria-label={words.label}
      data={choices.map((choice) => ({ value: choice, label: choice }))}
      value={value}
      onChange={choose}
    />
  );
  return isShort ? (
    <ControlFrame words={words} error={error} entry={control} />
  ) : (
    <ControlFrame words={words} error={error}>
      {control}
    </ControlFrame>
  );
}
