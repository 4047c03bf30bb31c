import { type ReactNode, useState } from 'react';
import { HeadwayError } from '../../core/errors';
import type { PickedFile } from '../../core/model';
import classes from '../live/rail.module.css';
import kit from './kit.module.css';

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
    // A label is what a click on it chooses with; dropping is an alternative with a pointer.
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
      <span className={kit.dim}>{kinds}</span>
    </label>
  );
}

const asDirectory = (input: HTMLInputElement | null) => input?.setAttribute('webkitdirectory', '');

/** A model's directory has `onnx/` below it, and nothing of use below that. */
const DEPTH = 2;

/** All files of what was dropped, under their paths from its own name on. To be called within the event: the list ends with it. */
export async function droppedFiles(items: DataTransferItemList): Promise<readonly PickedFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map((entry) => filesOf(entry, DEPTH)))).flat();
}

async function filesOf(entry: FileSystemEntry, depth: number): Promise<readonly PickedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.slice(1), file }];
  }
  if (depth === 0) return [];
  const inside = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(inside.map((each) => filesOf(each, depth - 1)))).flat();
}

/** A reader gives a hundred at a time, and none when there are no more. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** What of a directory a model may be made of: its top, and `onnx/`. */
const PART = /^(onnx\/)?[^/]+$/;

/**
 * The files of a directory that was picked or dropped, under their paths within it.
 * @param list under paths that begin with the directory's name
 * @throws HeadwayError `model-file-missing` for a directory without a file that could belong to a model
 */
export function pickedFiles(list: readonly PickedFile[]): {
  readonly directory: string;
  readonly files: readonly PickedFile[];
} {
  const [directory = ''] = list[0]?.path.split('/') ?? [];
  const files = list
    .map(({ path, file }) => ({ path: path.slice(directory.length + 1), file }))
    .filter(({ path }) => PART.test(path) && !path.startsWith('.'));
  if (files.length > 0 && directory !== '') return { directory: directory.replaceAll(',', ' '), files };
  throw new HeadwayError(
    'model-file-missing',
    `${directory || 'What was picked'} holds no file of a model: config.json, tokenizer.json and tokenizer_config.json at its top, and .onnx files there or under onnx/.`,
  );
}
