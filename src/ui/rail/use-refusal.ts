import { useState } from 'react';

interface Refusal {
  /** The sentence that the work last ended with; null where it ended well, or has not. */
  readonly refusal: string | null;
  /** Does it; what it rejects with is said beside what asked for it. */
  attempt(work: () => Promise<unknown>): Promise<void>;
}

/** For a form whose work may be refused. */
export function useRefusal(): Refusal {
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    refusal,
    attempt: async (work) => {
      setRefusal(null);
      try {
        await work();
      } catch (cause) {
        setRefusal(cause instanceof Error ? cause.message : String(cause));
      }
    },
  };
}
