import type { ExperimentRun, PlannedPoint } from '../core/experiment';
import type { Check } from './lab-checks';
import { PRESETS } from './presets';

/** What a run has shown so far. */
export interface Conclusions {
  /** The lab's four, for its sweeps. */
  readonly checks: readonly Check[];
  /** Which regime a lab sweep was in, and why its second check came out as it did. */
  readonly regime: string | null;
  /** Sentences with figures, of the experiments that have some. */
  readonly findings: readonly string[];
  /** The setting that answers what was asked; null while there is none. */
  readonly answer: PlannedPoint | null;
}

export function conclusionsOf(run: ExperimentRun): Conclusions {
  const preset = PRESETS.find(({ name }) => name === run.experiment);
  const { checks = [], regime = null } = preset?.checks?.(run) ?? {};
  return { checks, regime, findings: preset?.findings?.(run) ?? [], answer: preset?.answer?.(run) ?? null };
}
