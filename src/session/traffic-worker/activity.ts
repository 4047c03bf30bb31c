import { HeadwayError } from '../../core/errors';
import type { ClientState } from '../../core/figures';
import type { LoadConfig } from '../../core/load-config';
import type { Sampling } from '../../core/request';
import { samplingOf } from '../../core/sampling';
import type { LoadGenerator } from '../../traffic/load-generator';
import { RequestSource } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';
import type { RunInProgress } from './measure-run';
import type { Phrasebook } from './phrasebook';

/** What the synthetic clients are doing. A stopped load whose last answers are still awaited is `idle`. */
export type Activity =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'load';
      config: LoadConfig;
      source: RequestSource;
      readonly generator: LoadGenerator;
      /** For the visitor's own sentences, which shift none of the load's. */
      readonly nextOwnSeed: () => number;
    }
  | { readonly kind: 'measure'; readonly config: LoadConfig; readonly run: RunInProgress };

/** The same, as the figures say it. */
export function clientsOf(activity: Activity): ClientState {
  switch (activity.kind) {
    case 'idle':
      return { status: 'idle' };
    case 'load':
      return { status: activity.generator.paused ? 'paused' : 'sending', config: activity.config };
    case 'measure':
      return { status: 'measuring', config: activity.config };
  }
}

/** @throws HeadwayError `invalid-state` */
export function assertNotMeasuring(
  activity: Activity,
): asserts activity is Exclude<Activity, { kind: 'measure' }> {
  if (activity.kind !== 'measure') return;
  throw new HeadwayError('invalid-state', 'A measured run is under way.');
}

/** Beside a load that samples, the visitor's own sentence is sampled as it is. */
export const ownSampling = (activity: Activity): Sampling | null =>
  activity.kind === 'load' ? samplingOf(activity.config, activity.nextOwnSeed()) : null;

export function sourceOf({ workload }: Phrasebook, { seed }: LoadConfig): RequestSource {
  return new RequestSource(workload, createRng(seed));
}

export function sameConfig(a: LoadConfig, b: LoadConfig): boolean {
  return Object.entries(a).every(([name, value]) => b[name as keyof LoadConfig] === value);
}
