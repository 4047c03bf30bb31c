import type { ExperimentRun, MeasuredUnit } from '../../core/experiment';
import { medianOf } from '../../metrics/percentiles';
import { baselinePoint, combinations, type Experiment, plannedPoint } from '../experiment';
import { figuresOf } from '../figures';

const MIXED_LENGTHS = {
  base: { maxWaitMs: 10, arrival: 'closed', concurrency: 32, outputTokens: '2:48' },
  requests: 300,
} as const;

export const staticVsContinuous: Experiment = {
  name: 'static-vs-continuous',
  title: 'Static against continuous, answers of mixed lengths',
  says: 'Answers of 2 to 48 tokens. A static batch runs until its longest member has finished; continuous batching gives a free slot to the next request at once.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'policy'],
  points: [
    baselinePoint(MIXED_LENGTHS, { policy: 'sequential', maxBatch: 1, maxWaitMs: 0 }, 'un-batched'),
    ...combinations({ policy: ['static', 'continuous'], maxBatch: [4, 8, 16] }).map((changes) =>
      plannedPoint(MIXED_LENGTHS, changes),
    ),
  ],
  findings: policyFindings,
};

function policyFindings(run: ExperimentRun): readonly string[] {
  const figures = figuresOf(run);
  const at = (policy: string, maxBatch: number) =>
    figures.find(({ point: { serving } }) => serving.policy === policy && serving.maxBatch === maxBatch);
  return [4, 8, 16].flatMap((maxBatch) => {
    const [still, moving] = [at('static', maxBatch)?.summary, at('continuous', maxBatch)?.summary];
    if (!still?.throughput_tps || !moving?.throughput_tps) return [];
    const gain = moving.throughput_tps / still.throughput_tps;
    const waste = ((still.wasted_token_share ?? 0) * 100).toFixed(0);
    return `At ${maxBatch}, continuous writes ${gain.toFixed(2)} times the tokens of static, which wastes ${waste} % of its rows on padding; p95 ${moving.latency_ms?.p95.toFixed(0)} against ${still.latency_ms?.p95.toFixed(0)} ms.`;
  });
}

const SPIKES = {
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
  says: 'Short spikes of forty times the rate, and clients that abandon. A batch that waits in the channel was sealed before the spike arrived, so it runs half empty, and some of its members have gone by then.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['channelCapacity'],
  points: [0, 1, 2, 4, 8].map((channelCapacity) => plannedPoint(SPIKES, { channelCapacity })),
  findings: channelFindings,
};

function channelFindings(run: ExperimentRun): readonly string[] {
  return figuresOf(run).map(
    ({ point, summary }) =>
      `Capacity ${point.serving.channelCapacity}: ${summary.mean_batch_fill?.toFixed(2) ?? '–'} members a batch, ${summary.stale_dropped ?? '–'} gone from sealed batches, p95 ${summary.latency_ms?.p95.toFixed(0) ?? '–'} ms.`,
  );
}

const CAPPED = {
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
  says: 'Batches of up to 32 run as micro-batches of 8. With a low cap each batch is small: its answers return sooner, but less is computed at once and throughput falls.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxMicroBatches'],
  points: [1, 2, 4, 8, 16, 32].map((maxMicroBatches) => plannedPoint(CAPPED, { maxMicroBatches })),
  findings: capFindings,
};

function capFindings(run: ExperimentRun): readonly string[] {
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

const IMPATIENT = {
  base: {
    maxBatch: 8,
    maxWaitMs: 10,
    arrival: 'closed',
    concurrency: 16,
    outputTokens: '2:48',
    abandonAfterMs: 100,
  },
  requests: 300,
} as const;

export const abandonment: Experiment = {
  name: 'abandonment',
  title: 'Clients that abandon their requests',
  says: 'A growing share of clients abandons its requests before they are answered. Continuous batching frees their slots by the next step; a static batch computes on until its longest member has finished.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['abandonShare', 'policy'],
  points: combinations({ policy: ['static', 'continuous'], abandonShare: [0, 0.25, 0.5, 0.75] }).map(
    (changes) => plannedPoint(IMPATIENT, changes),
  ),
  findings: abandonmentFindings,
};

function abandonmentFindings(run: ExperimentRun): readonly string[] {
  return figuresOf(run).map(({ point, summary }) => {
    const wasted = ((summary.wasted_token_share ?? 0) * 100).toFixed(1);
    const gone = ((100 * summary.cancelled) / summary.requests).toFixed(0);
    return `${point.serving.policy}, ${point.load.abandonShare * 100} % abandon: ${gone} % of the requests were cancelled, ${wasted} % of the decoded rows were wasted, ${summary.throughput_rps?.toFixed(0) ?? '–'} requests a second were completed.`;
  });
}
