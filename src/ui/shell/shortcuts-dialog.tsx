import { type RefObject, useId } from 'react';
import classes from './shortcuts-dialog.module.css';
import { SHORTCUTS, useShortcutsOn } from './use-shortcuts';

interface ShortcutsDialogProps {
  readonly dialogRef: RefObject<HTMLDialogElement | null>;
}

/** The page's keys, and whether they are in force. The browser keeps the focus inside and gives it back. */
export function ShortcutsDialog({ dialogRef }: ShortcutsDialogProps) {
  const [on, turn] = useShortcutsOn();
  const titleId = useId();
  return (
    <dialog ref={dialogRef} className={classes.dialog} aria-labelledby={titleId}>
      <h2 id={titleId} className={classes.title}>
        Keys
      </h2>
      <dl className={classes.list} data-off={on ? undefined : true}>
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys} className={classes.row}>
            <dt>
              <kbd className={classes.key}>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.note}>
        They rest while you type in a field. On a slider the arrows, Home and End move it; in a field beside
        one, Enter takes what is typed and Escape what was before.
      </p>
      <div className={classes.foot}>
        <label className={classes.switch}>
          <input type="checkbox" checked={on} onChange={(event) => turn(event.currentTarget.checked)} />
          Use these keys
        </label>
        <button type="button" className={classes.close} onClick={() => dialogRef.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
