import type { ExperimentRun } from '../../core/experiment';
import type { Experiment } from '../experiment';
import { combinations, plannedPoint } from '../planned-point';
import { figuresOf } from '../point-figures';

const COMMON = {
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
  title: 'Clients that go away',
  says: 'A growing share of clients loses patience before its answer is there. Continuous frees their slots by the next step; a static batch computes on for those who have gone, until its longest member has finished.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['abandonShare', 'policy'],
  points: combinations({ policy: ['static', 'continuous'], abandonShare: [0, 0.25, 0.5, 0.75] }).map(
    (changes) => plannedPoint(COMMON, changes),
  ),
  findings,
};

function findings(run: ExperimentRun): readonly string[] {
  return figuresOf(run).map(({ point, summary }) => {
    const wasted = ((summary.wasted_token_share ?? 0) * 100).toFixed(1);
    const gone = ((100 * summary.cancelled) / summary.requests).toFixed(0);
    return `${point.serving.policy}, ${point.load.abandonShare * 100} % impatient: ${gone} % went away, ${wasted} % of the decoded rows were wasted, ${summary.throughput_rps?.toFixed(0) ?? '–'} requests a second were completed.`;
  });
}
