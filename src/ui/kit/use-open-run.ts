import { useEffect } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { useActions, useApp, useAttempt } from '../app-context';

/** A kept run with its records, read when it is first asked for; null until then, and for an id that is not kept. */
export function useOpenRun(id: ExperimentRun['id'] | null): ExperimentRun | null {
  const run = useApp((state) => (id === null ? null : (state.experiments.open[id] ?? null)));
  const isKept = useApp((state) => state.experiments.headers.some((header) => header.id === id));
  const actions = useActions();
  const attempt = useAttempt();
  const isMissing = id !== null && isKept && run === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once when it is missing, not when a handle is new
  useEffect(() => {
    if (isMissing) attempt(() => actions.openRun(id));
  }, [id, isMissing]);
  return run;
}
