import type { Experiment } from '../experiment';
import { labChecks } from '../lab-checks';
import { baselinePoint, type CommonSetting, plannedPoint } from '../planned-point';

/** Largest batch and longest wait, ms, of each setting of the sweep. */
const SETTINGS = [
  [1, 0],
  [2, 10],
  [4, 10],
  [8, 20],
  [16, 20],
  [32, 50],
] as const;

/** The sweep's settings and its un-batched baseline under one load. */
export const labPoints = (common: CommonSetting) => ({
  baseline: baselinePoint(common, { policy: 'sequential', maxBatch: 1, maxWaitMs: 0 }, 'un-batched'),
  settings: SETTINGS.map(([maxBatch, maxWaitMs]) => plannedPoint(common, { maxBatch, maxWaitMs })),
});

const { baseline, settings } = labPoints({
  base: { policy: 'static', arrival: 'closed', concurrency: 50, outputTokens: 16 },
  requests: 500,
});

export const lab02: Experiment = {
  name: 'lab-02',
  title: 'Batch size and wait, under a crowd',
  says: 'Static batches of 1 to 32 against one request at a time, with 50 clients who always want an answer: what batching does to throughput and to the tail when the queue is never empty.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'maxWaitMs'],
  points: [baseline, ...settings],
  checks: labChecks,
};
