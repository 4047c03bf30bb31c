import { VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { linkTo } from '../../../store/link';
import { useApp } from '../../app-context';
import classes from './rail.module.css';

const SHOWN_MS = 3000;

/** Copies a link to everything that is set. Where the browser keeps the clipboard to itself, it says where the link stands. */
export function CopyLink() {
  const settings = useApp((state) => state.settings);
  const { copy, copied, error } = useClipboard({ timeout: SHOWN_MS });
  const give = () => {
    const link = linkTo(settings);
    // Also there, so that it can be taken from there.
    history.replaceState(null, '', link);
    copy(link);
  };
  return (
    <>
      <button type="button" className={classes.reset} onClick={give}>
        {copied ? 'Copied' : 'Copy link'}
      </button>
      {error ? (
        <p className={classes.refused} role="alert">
          The browser keeps its clipboard to itself; the link stands in the address bar.
        </p>
      ) : (
        <VisuallyHidden role="status">{copied ? 'The link is in the clipboard.' : ''}</VisuallyHidden>
      )}
    </>
  );
}
