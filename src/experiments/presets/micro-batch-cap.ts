import type { ExperimentRun, MeasuredUnit } from '../../core/experiment';
import { medianOf } from '../../metrics/percentiles';
import type { Experiment } from '../experiment';
import { plannedPoint } from '../planned-point';
import { figuresOf } from '../point-figures';

const COMMON = {
  base: {
    policy: 'static',
    maxBatch: 32,
    maxWaitMs: 10,
    microBatchSize: 8,
    outputTokens: 16,
    arrival: 'closed',
    concurrency: 48,
  },
  requests: 400,
} as const;

export const microBatchCap: Experiment = {
  name: 'micro-batch-cap',
  title: 'A cap on the micro-batches of a batch',
  says: 'Batches of up to 32 run as micro-batches of 8. With a low cap each batch is short: its results return sooner, but less is computed at once and throughput falls.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxMicroBatches'],
  points: [1, 2, 4, 8, 16, 32].map((maxMicroBatches) => plannedPoint(COMMON, { maxMicroBatches })),
  findings,
};

function findings(run: ExperimentRun): readonly string[] {
  return figuresOf(run).map(
    ({ point, units, summary }) =>
      `Cap ${point.serving.maxMicroBatches}: an answer returns ${medianServiceMs(units)?.toFixed(0) ?? '–'} ms after its batch was started, at ${summary.throughput_rps?.toFixed(0) ?? '–'} requests a second.`,
  );
}

/** From the start of its batch to the answer, ms: the median over all repeats' completed requests. */
function medianServiceMs(units: readonly MeasuredUnit[]): number | null {
  const completed = units
    .flatMap(({ records }) => records)
    .filter(({ outcome }) => outcome === 'completed')
    .map(({ started, finished }) => (started === null || finished === null ? null : finished - started));
  return medianOf(completed.filter((ms) => ms !== null));
}
