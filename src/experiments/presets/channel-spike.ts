import type { ExperimentRun } from '../../core/experiment';
import type { Experiment } from '../experiment';
import { plannedPoint } from '../planned-point';
import { figuresOf } from '../point-figures';

const COMMON = {
  base: {
    policy: 'static',
    maxBatch: 16,
    maxWaitMs: 5,
    outputTokens: 16,
    arrival: 'spike',
    rate: 10,
    spikeFactor: 40,
    spikeStartS: 0.5,
    spikeDurationS: 0.25,
    spikeEveryS: 1.5,
    abandonShare: 0.3,
    abandonAfterMs: 150,
  },
  durationS: 9,
} as const;

export const channelSpike: Experiment = {
  name: 'channel-spike',
  title: 'Batches sealed too early, in spikes',
  says: 'Short spikes of forty times the rate, and impatient clients. Each sealed batch that may wait for the runner was closed before the spike had come, so it leaves half empty, and by the time it runs some of its members have gone.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['channelCapacity'],
  points: [0, 1, 2, 4, 8].map((channelCapacity) => plannedPoint(COMMON, { channelCapacity })),
  findings,
};

function findings(run: ExperimentRun): readonly string[] {
  return figuresOf(run).map(
    ({ point, summary }) =>
      `Capacity ${point.serving.channelCapacity}: ${summary.mean_batch_fill?.toFixed(2) ?? '–'} members a batch, ${summary.stale_dropped ?? '–'} gone from sealed batches, p95 ${summary.latency_ms?.p95.toFixed(0) ?? '–'} ms.`,
  );
}
