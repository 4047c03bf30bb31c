import { HeadwayError } from '../../core/errors';
import type { Shelf } from './shelf';

/** A shelf in memory, which lives as long as its page. @param capacity bytes that it takes in all; as much as there is unless said */
export function memoryShelf(capacity = Number.POSITIVE_INFINITY): Shelf {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const used = () => [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const empty = new Uint8Array(0);
  const open = new Set<string>();
  return {
    size: async (path) => files.get(path)?.byteLength ?? 0,
    read: async (path, end) => (files.get(path) ?? empty).slice(0, end),
    open: async (path) => {
      if (open.has(path)) throw new HeadwayError('invalid-state', `${path} is being written already.`);
      open.add(path);
      return {
        get bytes() {
          return files.get(path)?.byteLength ?? 0;
        },
        append: (chunk) => {
          if (used() + chunk.byteLength > capacity) throw new Error('the shelf is full');
          const before = files.get(path) ?? empty;
          const after = new Uint8Array(before.byteLength + chunk.byteLength);
          after.set(before);
          after.set(chunk, before.byteLength);
          files.set(path, after);
        },
        clear: () => files.delete(path),
        close: () => open.delete(path),
      };
    },
    remove: async (path) => {
      files.delete(path);
    },
    free: async () => (Number.isFinite(capacity) ? capacity - used() : null),
  };
}
