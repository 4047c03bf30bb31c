import { HeadwayError } from '../core/errors';
import type { Experiment } from './experiment';
import { abandonment } from './presets/abandonment';
import { channelSpike } from './presets/channel-spike';
import { highestRate } from './presets/highest-rate';
import { lab02 } from './presets/lab-02';
import { lab02LowLoad } from './presets/lab-02-low-load';
import { microBatchCap } from './presets/micro-batch-cap';
import { rateSweep } from './presets/rate-sweep';
import { staticVsContinuous } from './presets/static-vs-continuous';

/** Every experiment that there is by name. */
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
