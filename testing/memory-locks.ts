import type { Locks } from '../src/store/tabs';

/** The browser's locks of one origin in memory, for as many tabs as share it. */
export function memoryLocks(): Locks {
  const held = new Set<string>();
  return {
    async request(name, { ifAvailable = false }, use) {
      if (held.has(name)) {
        if (ifAvailable) return use(null);
        throw new Error(`The test would wait for the lock ${name}.`);
      }
      held.add(name);
      // A lock is granted in a later turn.
      await Promise.resolve();
      try {
        return await use({});
      } finally {
        held.delete(name);
      }
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
}

/** Locks as a browser has them that keeps nothing for a page. */
export const refusedLocks: Locks = {
  request: async () => {
    throw new DOMException('The request was denied.', 'SecurityError');
  },
  query: async () => {
    throw new DOMException('The request was denied.', 'SecurityError');
  },
};
