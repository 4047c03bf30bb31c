import type { PolicyFigures, PolicyName, PolicyRun } from '../report/benchmark';
import { type Ratio, ratioOf } from './ratios';

/** `policy`'s figure over `base`'s, repeat by repeat. */
export function policyRatio(
  repeats: PolicyFigures['saturated'],
  policy: PolicyName,
  base: PolicyName,
  pick: (run: PolicyRun) => number | null,
): Ratio | null {
  const value = (runs: readonly PolicyRun[], of: PolicyName) => {
    const run = runs.find((candidate) => candidate.policy === of);
    return (run && pick(run)) ?? Number.NaN;
  };
  return ratioOf(repeats.map((runs) => [value(runs, policy), value(runs, base)]));
}

/** Of two runs of as many requests: under saturation the tail is as long as the queue. */
export const policyTailRatio = (
  repeats: PolicyFigures['saturated'],
  policy: PolicyName,
  base: PolicyName,
  pick: (run: PolicyRun) => number,
): Ratio | null => {
  const requests = new Set(
    repeats.flat().flatMap((run) => (run.policy === policy || run.policy === base ? [run.requests] : [])),
  );
  return requests.size === 1 ? policyRatio(repeats, policy, base, pick) : null;
};

/** Output tokens per second under saturation. */
export const saturatedTps = (run: PolicyRun): number | null => run.saturatedTps;
