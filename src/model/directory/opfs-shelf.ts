import { HeadwayError } from '../../core/errors';
import type { KeptModel } from '../../core/model';
import { reason } from '../model-file';
import { keptListing, LISTING } from './hub-directory';
import { notStored, type Shelf, type Sink } from './shelf';

/** Under the origin's private file system; every model is one folder of it, whose files have their paths, encoded. */
const FOLDER = 'models';

interface Key {
  readonly name: string;
  readonly revision: string;
}

const folderName = ({ name, revision }: Key) => encodeURIComponent(`${name}@${revision}`);

const models = async (): Promise<FileSystemDirectoryHandle> => {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create: true });
  } catch (cause) {
    throw new HeadwayError('storage-failed', `This browser keeps no files for the page (${reason(cause)}).`, {
      cause,
    });
  }
};

/** Where a model is kept in this browser. Nothing of it need be there. @throws HeadwayError `storage-failed` */
export async function opfsShelf(key: Key): Promise<Shelf> {
  const parent = await models();
  const find = async (path: string): Promise<FileSystemFileHandle | null> => {
    try {
      const folder = await parent.getDirectoryHandle(folderName(key));
      return await folder.getFileHandle(encodeURIComponent(path));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  };
  return {
    size: async (path) => (await (await find(path))?.getFile())?.size ?? 0,
    read: async (path, end) => {
      const file = await (await find(path))?.getFile();
      return new Uint8Array((await file?.slice(0, end).arrayBuffer()) ?? new ArrayBuffer(0));
    },
    open: async (path) => {
      try {
        const folder = await parent.getDirectoryHandle(folderName(key), { create: true });
        const file = await folder.getFileHandle(encodeURIComponent(path), { create: true });
        return sinkOf(await accessTo(file, path));
      } catch (cause) {
        throw cause instanceof HeadwayError ? cause : notStored(path, cause);
      }
    },
    remove: async (path) => {
      const folder = await parent.getDirectoryHandle(folderName(key));
      await folder.removeEntry(encodeURIComponent(path));
    },
    free: async () => {
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
    },
  };
}

/** A worker that was ended in the middle of a download lets go of its file a moment later. */
const [ATTEMPTS, BETWEEN_MS] = [10, 200];

async function accessTo(file: FileSystemFileHandle, path: string): Promise<FileSystemSyncAccessHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await file.createSyncAccessHandle();
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === 'NoModificationAllowedError')) throw cause;
      if (attempt === ATTEMPTS) {
        const sentence = `${path} is being written already: is another tab of this page downloading the same model?`;
        throw new HeadwayError('invalid-state', sentence, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}

/** Writes go past the cache of the browser's own process, so what was appended stays when the worker is ended. */
function sinkOf(handle: FileSystemSyncAccessHandle): Sink {
  let bytes = handle.getSize();
  return {
    get bytes() {
      return bytes;
    },
    append: (chunk) => {
      try {
        const written = handle.write(chunk, { at: bytes });
        if (written !== chunk.byteLength) throw new Error(`${written} of ${chunk.byteLength} bytes written`);
      } catch (error) {
        handle.truncate(bytes);
        throw error;
      }
      bytes += chunk.byteLength;
    },
    clear: () => {
      handle.truncate(0);
      bytes = 0;
    },
    close: () => {
      handle.flush();
      handle.close();
    },
  };
}

/** All that are kept, by name. */
export async function keptModels(): Promise<readonly KeptModel[]> {
  const parent = await models();
  const found: KeptModel[] = [];
  for await (const folder of parent.keys()) {
    const [name = '', revision = ''] = decodeURIComponent(folder).split('@');
    found.push(await keptModel({ name, revision }, await parent.getDirectoryHandle(folder)));
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

async function keptModel(key: Key, folder: FileSystemDirectoryHandle): Promise<KeptModel> {
  const listing = await keptListing(await opfsShelf(key));
  const sizes = new Map<string, number>();
  for await (const [name, handle] of folder.entries()) {
    const path = decodeURIComponent(name);
    if (handle.kind !== 'file' || path === LISTING) continue;
    sizes.set(path, (await (handle as FileSystemFileHandle).getFile()).size);
  }
  const unfinished = [...sizes].flatMap(([path, there]) => {
    const bytes = listing?.files.find((file) => file.path === path)?.bytes ?? there;
    return there < bytes ? [{ path, there, bytes }] : [];
  });
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { ...key, bytes, onnx: [...sizes.keys()].filter((path) => path.endsWith('.onnx')), unfinished };
}

/** Deletes all of a model that is kept. @throws HeadwayError `storage-failed` while it is being downloaded */
export async function removeKeptModel(key: Key): Promise<void> {
  const parent = await models();
  try {
    await parent.removeEntry(folderName(key), { recursive: true });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotFoundError') return;
    const sentence = `${key.name} cannot be deleted now (${reason(cause)}). Is it being downloaded, perhaps by another tab?`;
    throw new HeadwayError('storage-failed', sentence, { cause });
  }
}
