import { HeadwayError } from '../../core/errors';
import type { PickedFile } from '../../core/model';
import { reason } from '../model-file';
import { type ModelDirectory, missingFile } from './model-directory';

/**
 * Files that the visitor picked from the disk; they stay there. @param name of the directory
 * @throws HeadwayError `model-file-missing` where no files came along: they are not kept from one visit to the next
 */
export function pickedDirectory(name: string, files: readonly PickedFile[] | undefined): ModelDirectory {
  if (!files) {
    throw new HeadwayError(
      'model-file-missing',
      `picked:${name} is read from your disk, and its files are not kept from one visit to the next: pick the directory again under Model.`,
    );
  }
  const label = (path: string) => `${name}/${path}`;
  const read = async (path: string, end?: number) => {
    const found = files.find((file) => file.path === path);
    if (!found) throw missingFile(label(path));
    try {
      return new Uint8Array(await found.file.slice(0, end).arrayBuffer());
    } catch (cause) {
      const sentence = `${label(path)} could not be read from your disk (${reason(cause)}); pick the directory again.`;
      throw new HeadwayError('model-file-missing', sentence, { cause });
    }
  };
  return {
    files: files.map(({ path, file }) => ({ path, bytes: file.size, sha256: null })),
    label,
    read: async (path, onBytes) => {
      const bytes = await read(path);
      onBytes?.(bytes.byteLength, bytes.byteLength);
      return bytes;
    },
    head: (path, bytes) => read(path, bytes),
  };
}
