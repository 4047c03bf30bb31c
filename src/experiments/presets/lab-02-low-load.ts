import type { PlannedPoint } from '../../core/experiment';
import type { Experiment } from '../experiment';
import { labChecks } from '../lab-checks';
import { type CommonSetting, plannedPoint } from '../planned-point';
import { pointFigures } from '../point-figures';
import { labPoints } from './lab-02';

/** Of what the un-batched server can serve. */
const LOAD = 0.3;

const FLOOD: CommonSetting = {
  base: {
    policy: 'sequential',
    maxBatch: 1,
    maxWaitMs: 0,
    outputTokens: 16,
    arrival: 'closed',
    concurrency: 8,
  },
  requests: 200,
};

const capacity: PlannedPoint = {
  ...plannedPoint(FLOOD, {}),
  id: 'capacity',
  label: 'un-batched capacity',
  probe: true,
};

export const lab02LowLoad: Experiment = {
  name: 'lab-02-low-load',
  title: 'Batch size and wait, at low load',
  says: 'The same sweep where the queue is mostly empty: requests come by themselves, at 30 % of what the un-batched server can serve, which is measured first. Waiting for company then costs more than it gives.',
  minutes: 4,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'maxWaitMs'],
  points: [capacity],
  checks: labChecks,
  next: (run) => {
    const [probe] = run.points;
    const rps = probe && run.points.length === 1 ? pointFigures(run, probe)?.summary.throughput_rps : null;
    if (!probe || !rps) return [];
    const { baseline, settings } = labPoints({
      base: {
        policy: 'static',
        outputTokens: 16,
        arrival: 'poisson',
        rate: Math.max(0.01, Number((LOAD * rps).toFixed(2))),
      },
      requests: probe.requests,
    });
    return [baseline, ...settings];
  },
};
