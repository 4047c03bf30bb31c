import { HeadwayError } from '../../core/errors';
import { formatBytes } from '../../core/format';
import { sha256 } from '../../core/hash';
import { reason } from '../model-file';
import { downloadFile, type FetchPart } from './download-file';
import type { Hub } from './hub';
import { fetchListing, type HubListing } from './hub-listing';
import { type FileEntry, type ModelDirectory, missingFile } from './model-directory';
import { notStored, type Shelf } from './shelf';

export interface HubListeners {
  readonly fetchFile: FetchPart;
  /** Told what happens to a download meanwhile, as a sentence. */
  readonly onTrouble: (sentence: string) => void;
}

export interface HubModel extends HubListeners {
  readonly hub: Hub;
  /** `owner/name`. */
  readonly name: string;
  readonly revision: string;
  readonly shelf: Shelf;
  /** As `Download` has it. */
  readonly pauseMs?: number;
}

/** Kept beside the files: what they are to be. */
export const LISTING = 'headway-listing.json';

/**
 * A model of the hub. What is read is downloaded once and kept; a download that was left half-done is gone on with. The
 * revision is looked up when the model is first read and stays at that commit for as long as the model is kept.
 * @throws HeadwayError as `fetchListing` does
 */
export async function openHubDirectory(model: HubModel): Promise<ModelDirectory> {
  const { hub, name, revision, shelf, fetchFile } = model;
  const kept = await keptListing(shelf);
  const listing = kept ?? (await fetchListing(hub, name, revision, fetchFile));
  const label = (path: string) => `${name}/${path}`;
  const entryOf = (path: string) => {
    const entry = listing.files.find((file) => file.path === path);
    if (entry) return entry;
    throw missingFile(label(path));
  };
  // Several files may be read at once; it is written by the first.
  let written: Promise<void> | null = kept && Promise.resolve();

  /** Until there are `until` bytes of it. */
  const bring = async (entry: FileEntry, until: number, onBytes: (there: number) => void) => {
    const there = await shelf.size(entry.path);
    onBytes(Math.min(there, entry.bytes));
    if (there >= until) return;
    await checkFree(label(entry.path), until - there, shelf);
    try {
      written ??= keepListing(shelf, listing, name);
      await written;
      await download(entry, until, onBytes);
    } catch (error) {
      throw withRemedy(error);
    }
  };

  const download = async (entry: FileEntry, until: number, onBytes: (there: number) => void) => {
    const sink = await shelf.open(entry.path);
    try {
      await downloadFile({
        ...model,
        url: `${hub.origin}/${name}/resolve/${listing.commit}/${encodePath(entry.path)}`,
        label: label(entry.path),
        bytes: entry.bytes,
        until,
        sink,
        onBytes,
      });
    } finally {
      sink.close();
    }
  };

  return {
    files: listing.files,
    label,
    read: async (path, onBytes = () => {}) => {
      const entry = entryOf(path);
      await bring(entry, entry.bytes, (there) => onBytes(there, entry.bytes));
      const bytes = await shelf.read(path).catch((cause: unknown) => {
        const sentence = `${label(path)}, ${formatBytes(entry.bytes)}, cannot be read into memory (${reason(cause)}). Choose a smaller file.`;
        throw new HeadwayError('model-too-large', sentence, { cause });
      });
      if (bytes.byteLength === entry.bytes && (!entry.sha256 || (await sha256(bytes)) === entry.sha256)) {
        return bytes;
      }
      await shelf.remove(path);
      throw new HeadwayError(
        'model-file-damaged',
        `${label(path)} is not what the hub lists (${entry.bytes} bytes with its digest); what was kept of it was deleted. Load the model again.`,
      );
    },
    head: async (path, bytes) => {
      const entry = entryOf(path);
      await bring(entry, Math.min(bytes, entry.bytes), () => {});
      return shelf.read(path, bytes);
    },
  };
}

/** What a model that is kept, or half there, consists of; null where nothing of it is. */
export async function keptListing(shelf: Shelf): Promise<HubListing | null> {
  if ((await shelf.size(LISTING)) === 0) return null;
  try {
    return JSON.parse(new TextDecoder().decode(await shelf.read(LISTING)));
  } catch {
    // A page that was closed in the middle of writing it: files of an unknown commit are of no use.
    return null;
  }
}

async function keepListing(shelf: Shelf, listing: HubListing, name: string): Promise<void> {
  const sink = await shelf.open(LISTING);
  try {
    sink.clear();
    sink.append(new TextEncoder().encode(JSON.stringify(listing)));
  } catch (cause) {
    throw notStored(`The list of ${name}'s files`, cause);
  } finally {
    sink.close();
  }
}

async function checkFree(label: string, missing: number, shelf: Shelf): Promise<void> {
  const free = await shelf.free();
  if (free === null || missing <= free) return;
  throw new HeadwayError(
    'storage-failed',
    `${label} needs ${formatBytes(missing)} of the browser's storage, and this page may use ${formatBytes(free)} more. Delete a model or an experiment that is kept, or pick the directory from disk.`,
  );
}

/** What the browser refused to store, with what to do. How much is free is not said: its estimate need not be true. */
function withRemedy(error: unknown): unknown {
  if (!(error instanceof HeadwayError && error.code === 'storage-failed')) return error;
  return new HeadwayError(
    'storage-failed',
    `${error.message} What is there is kept: delete another model or an experiment, or make room on the disk, and load it again.`,
    { cause: error },
  );
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');
