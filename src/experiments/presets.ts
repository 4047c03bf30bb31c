import { HeadwayError } from '../core/errors';
import type { ExperimentRun, PlannedPoint } from '../core/experiment';
import type { Check, Experiment } from './experiment';
import { highestRate } from './presets/highest-rate';
import { lab02, lab02LowLoad } from './presets/lab';
import { rateSweep } from './presets/rate-sweep';
import { abandonment, channelSpike, microBatchCap, staticVsContinuous } from './presets/scheduling';

/** All experiments that can be started by name. */
export const PRESETS: readonly Experiment[] = [
  lab02,
  lab02LowLoad,
  staticVsContinuous,
  highestRate,
  rateSweep,
  channelSpike,
  microBatchCap,
  abandonment,
];

/** @throws HeadwayError `invalid-parameter` */
export function presetOf(name: string): Experiment {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset) return preset;
  const names = PRESETS.map((candidate) => candidate.name).join(', ');
  throw new HeadwayError('invalid-parameter', `preset (--preset) must be one of ${names}; given: "${name}".`);
}

/** Conclusions from what a run has measured so far. */
interface Conclusions {
  /** The lab's four, for its sweeps. */
  readonly checks: readonly Check[];
  /** Which regime a lab sweep was in, and why its second check came out as it did. */
  readonly regime: string | null;
  /** Sentences with figures; empty for an experiment without findings of its own. */
  readonly findings: readonly string[];
  /** The setting that answers the experiment's question; null while it is not known. */
  readonly answer: PlannedPoint | null;
}

export function conclusionsOf(run: ExperimentRun): Conclusions {
  const preset = PRESETS.find(({ name }) => name === run.experiment);
  const { checks = [], regime = null } = preset?.checks?.(run) ?? {};
  return { checks, regime, findings: preset?.findings?.(run) ?? [], answer: preset?.answer?.(run) ?? null };
}
