import type { ExperimentRun } from '../../core/experiment';
import type { Experiment } from '../experiment';
import { baselinePoint, combinations, plannedPoint } from '../planned-point';
import { figuresOf } from '../point-figures';

const COMMON = {
  base: { maxWaitMs: 10, arrival: 'closed', concurrency: 32, outputTokens: '2:48' },
  requests: 300,
} as const;

export const staticVsContinuous: Experiment = {
  name: 'static-vs-continuous',
  title: 'Static against continuous, answers of mixed lengths',
  says: 'Answers of 2 to 48 tokens. A static batch computes on until its longest member has finished; continuous gives a finished slot to the next request at once.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'policy'],
  points: [
    baselinePoint(COMMON, { policy: 'sequential', maxBatch: 1, maxWaitMs: 0 }, 'un-batched'),
    ...combinations({ policy: ['static', 'continuous'], maxBatch: [4, 8, 16] }).map((changes) =>
      plannedPoint(COMMON, changes),
    ),
  ],
  findings,
};

function findings(run: ExperimentRun): readonly string[] {
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
