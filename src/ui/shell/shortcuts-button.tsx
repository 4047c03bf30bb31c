import { useRef } from 'react';
import classes from './shell.module.css';
import { ShortcutsDialog } from './shortcuts-dialog';
import { useShortcuts } from './use-shortcuts';

/** Shows the page's keys; where it stands, they are in force. */
export function ShortcutsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => {
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  useShortcuts(show);
  return (
    <>
      <button type="button" className={classes.keys} aria-label="Keys" aria-haspopup="dialog" onClick={show}>
        ?
      </button>
      <ShortcutsDialog dialogRef={dialog} />
    </>
  );
}
