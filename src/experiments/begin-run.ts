import { checkParameter } from '../core/parameter';
import { LOAD_PARAMETERS } from '../load/load-config';
import { EXTENT_PARAMETERS } from './bench-parameters';
import type { Experiment } from './experiment';
import type { ExperimentRun, RunEnvironment } from './run';

/** What may be asked for otherwise than an experiment has it. */
export interface Wishes {
  readonly seed?: number;
  readonly repeats?: number;
  /** In each repeat of each point, instead of the experiment's own number or time. */
  readonly requests?: number;
}

/** A run of the experiment with nothing measured yet. @throws HeadwayError `invalid-parameter` */
export function beginRun(
  experiment: Experiment,
  environment: RunEnvironment,
  { id, now }: { readonly id: string; readonly now: string },
  wishes: Wishes = {},
): ExperimentRun {
  const { seed = experiment.seed, repeats = experiment.repeats, requests } = wishes;
  checkParameter(LOAD_PARAMETERS.seed, seed);
  checkParameter(EXTENT_PARAMETERS.repeats, repeats);
  if (requests !== undefined) checkParameter(EXTENT_PARAMETERS.requests, requests);
  return {
    format: 'headway-experiment',
    version: 1,
    id,
    name: experiment.title,
    experiment: experiment.name,
    title: experiment.title,
    says: experiment.says,
    environment,
    status: { kind: 'running' },
    seed,
    repeats,
    axes: experiment.axes,
    points: experiment.points.map((point) => ({
      ...point,
      load: { ...point.load, seed },
      ...(requests === undefined ? {} : { requests, durationS: null }),
    })),
    units: [],
    started_at: now,
    finished_at: null,
  };
}
