import { HeadwayError } from '../../core/errors';
import { reason } from '../model-file';

/** Where the files of one model of the hub are kept: in the browser's storage, or in a test's memory. */
export interface Shelf {
  /** Bytes of a file that are there; 0 for none. */
  size(path: string): Promise<number>;
  /** @param end where to stop, bytes; the file's end unless said */
  read(path: string, end?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** For appending. @throws HeadwayError `invalid-state` while another tab writes it, `storage-failed` where it has no place */
  open(path: string): Promise<Sink>;
  remove(path: string): Promise<void>;
  /** Bytes that the browser lets this page store beside what it has; null where it does not say. */
  free(): Promise<number | null>;
}

/** A file that is being written, from its start on without a gap. */
export interface Sink {
  readonly bytes: number;
  /** All of it, or an error and nothing of it. */
  append(chunk: Uint8Array<ArrayBuffer>): void;
  clear(): void;
  close(): void;
}

export const notStored = (what: string, cause: unknown) =>
  new HeadwayError('storage-failed', `${what} could not be stored (${reason(cause).replace(/\.$/, '')}).`, {
    cause,
  });
