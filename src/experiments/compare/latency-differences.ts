import type { Rng } from '../../core/rng';
import { middleOf, nearestRank } from '../../metrics/percentiles';
import { latencyOf } from '../../metrics/timings';
import { createRng } from '../../traffic/rng';
import { timeOriginOf } from '../../traffic/time-origin';
import { type Side, unitsOf } from './side';

/** 95 % of the resamples' differences lie within it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Requests that are drawn in all, both sides and all resamples together, so that a large run takes no longer than a small one. */
const DRAWN = 1_000_000;
const [FEWEST_RESAMPLES, MOST_RESAMPLES] = [200, 1000];

/** A repeat's latencies in the order of sending, ms; NaN for a request that was not completed. */
type Sample = Float64Array;

/**
 * Intervals of the difference b − a of latency percentiles, by bootstrap in two stages: repeats are drawn with
 * replacement, and in each of them blocks of √n consecutive requests, since neighbours wait in one queue and are not
 * independent; of each resample the figure is the median over its repeats, as it is reported. With `paired`, both sides
 * get the same draws, so that what the requests themselves bring in cancels.
 * @returns one per percent asked for; null where a side completed nothing
 */
export function latencyIntervals(
  a: Side,
  b: Side,
  percents: readonly number[],
  paired: boolean,
): readonly (Interval | null)[] {
  const [left, right] = [samplesOf(a), samplesOf(b)];
  const count = [...left, ...right].reduce((sum, sample) => sum + sample.length, 0);
  if (left.every(isEmpty) || right.every(isEmpty)) return percents.map(() => null);
  const resamples = Math.min(MOST_RESAMPLES, Math.max(FEWEST_RESAMPLES, Math.floor(DRAWN / count)));
  const differences = percents.map(() => new Float64Array(resamples));
  for (let i = 0; i < resamples; i++) {
    // The same stream for both sides draws the same repeats and blocks for both.
    const before = resampled(left, percents, createRng(i).fork('left'));
    const after = resampled(right, percents, createRng(i).fork(paired ? 'left' : 'right'));
    differences.forEach((of, p) => {
      of[i] = (after[p] ?? Number.NaN) - (before[p] ?? Number.NaN);
    });
  }
  return differences.map((of) => {
    const known = of.filter((difference) => !Number.isNaN(difference)).sort();
    return known.length === 0 ? null : { low: nearestRank(known, 2.5), high: nearestRank(known, 97.5) };
  });
}

const isEmpty = (sample: Sample) => sample.every(Number.isNaN);

function samplesOf(side: Side): readonly Sample[] {
  const origin = timeOriginOf(side.point.load);
  return unitsOf(side).map(({ records }) =>
    Float64Array.from(records, (record) =>
      record.outcome === 'completed' ? (latencyOf(record, origin) ?? Number.NaN) : Number.NaN,
    ),
  );
}

/** Each percentile of one resample: the median over the repeats that were drawn. */
function resampled(samples: readonly Sample[], percents: readonly number[], rng: Rng): readonly number[] {
  const drawn = samples.map(() => {
    const sample = samples[Math.floor(rng.uniform() * samples.length)] ?? new Float64Array();
    return blocksOf(sample, rng);
  });
  return percents.map((percent) => medianOf(drawn.map((latencies) => nearestRank(latencies, percent))));
}

/** As many requests as there were, in blocks; sorted, without those that were not completed. */
function blocksOf(sample: Sample, rng: Rng): Sample {
  const length = sample.length;
  const block = Math.ceil(Math.sqrt(length));
  const drawn = new Float64Array(length);
  for (let filled = 0; filled < length; filled += block) {
    const start = Math.floor(rng.uniform() * length);
    for (let i = 0; i < block && filled + i < length; i++) {
      drawn[filled + i] = sample[(start + i) % length] ?? Number.NaN;
    }
  }
  drawn.sort();
  // NaN is sorted to the end.
  let completed = length;
  while (completed > 0 && Number.isNaN(drawn[completed - 1])) completed -= 1;
  return drawn.subarray(0, completed);
}

const medianOf = (values: readonly number[]) =>
  middleOf(values.filter((value) => !Number.isNaN(value))) ?? Number.NaN;
