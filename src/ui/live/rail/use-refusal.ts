import { useState } from 'react';
import { isCancelled } from '../../../core/errors';

interface Refusal {
  /** The sentence that the work last ended with; null where it ended well, or has not. */
  readonly refusal: string | null;
  /** Does it; what it rejects with is said beside what asked for it. */
  attempt(work: () => Promise<unknown>): Promise<void>;
  /** What was asked for is another now. */
  forget(): void;
}

/** For a form whose work may be refused. */
export function useRefusal(): Refusal {
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    refusal,
    forget: () => setRefusal(null),
    attempt: async (work) => {
      setRefusal(null);
      try {
        await work();
      } catch (cause) {
        if (isCancelled(cause)) return;
        setRefusal(cause instanceof Error ? cause.message : String(cause));
      }
    },
  };
}
