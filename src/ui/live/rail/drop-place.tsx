import { type ReactNode, useState } from 'react';
import classes from './drop-place.module.css';

interface DropPlaceProps {
  /** What to do here. */
  readonly invitation: ReactNode;
  /** What may be given. */
  readonly kinds: string;
  /** Suffixes that the browser's dialog offers; of a directory, everything. */
  readonly accept: string | 'directory';
  /** What was chosen in the dialog; at least one. */
  readonly onPick: (files: readonly File[]) => void;
  readonly onDrop: (dropped: DataTransfer) => void;
}

/** Where a file or a directory is chosen, or dropped. */
export function DropPlace({ invitation, kinds, accept, onPick, onDrop }: DropPlaceProps) {
  const [over, setOver] = useState(false);
  return (
    // A label is what a click on it chooses with; dropping is beside that, for those who have a pointer.
    <label
      className={classes.place}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer);
      }}
    >
      <input
        type="file"
        className={classes.file}
        {...(accept === 'directory' ? { ref: asDirectory } : { accept })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // Else the same one, mended, could not be chosen again.
          event.currentTarget.value = '';
          if (files.length > 0) onPick(files);
        }}
      />
      <span className={classes.invitation}>{invitation}</span>
      <span className={classes.kinds}>{kinds}</span>
    </label>
  );
}

const asDirectory = (input: HTMLInputElement | null) => input?.setAttribute('webkitdirectory', '');
