import { type ReactNode, useId, useState } from 'react';
import classes from './control.module.css';

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
