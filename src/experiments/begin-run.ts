import type { ExperimentRun, RunEnvironment, Wishes } from '../core/experiment';
import { LOAD_PARAMETERS } from '../core/load-config';
import { checkParameter } from '../core/parameter';
import { EXTENT_PARAMETERS } from './bench-parameters';
import type { Experiment } from './experiment';

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
