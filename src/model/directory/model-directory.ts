import { HeadwayError } from '../../core/errors';
import { type OnBytes, reason } from '../model-file';

/** A file, as the directory's listing describes it. */
export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  /** Hex; null where the listing does not say. */
  readonly sha256: string | null;
}

/** A directory in the hub's layout, wherever it is: `config.json`, `tokenizer.json`, `onnx/model.onnx` and so on. */
export interface ModelDirectory {
  /** Null where there is no listing, as on a plain web server. */
  readonly files: readonly FileEntry[] | null;
  /** How a message names one of its files. */
  label(path: string): string;
  /** A file, whole. @throws HeadwayError `model-file-missing`, `model-file-damaged`, `download-stopped`, `storage-failed` */
  read(path: string, onBytes?: OnBytes): Promise<Uint8Array<ArrayBuffer>>;
  /** At least its first `bytes`, or all if it is shorter; null where that would cost as much as all of it. */
  head(path: string, bytes: number): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** @throws HeadwayError as `read` does, and `model-file-damaged` when it is not JSON */
export async function readModelJson(directory: ModelDirectory, path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await directory.read(path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeadwayError(
      'model-file-damaged',
      `${directory.label(path)} is not valid JSON (${reason(cause)}).`,
      { cause },
    );
  }
}

/** As `readModelJson`; null for a file that is not there. */
export async function readOptionalJson(directory: ModelDirectory, path: string): Promise<unknown> {
  if (directory.files?.every((entry) => entry.path !== path)) return null;
  try {
    return await readModelJson(directory, path);
  } catch (error) {
    if (error instanceof HeadwayError && error.code === 'model-file-missing') return null;
    throw error;
  }
}

export const missingFile = (label: string) => new HeadwayError('model-file-missing', `${label} is missing.`);
