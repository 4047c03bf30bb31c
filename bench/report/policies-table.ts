import { medianOf } from '../../src/metrics/percentiles';
import type { Limits } from '../figures/limits';
import { policyRatio, policyTailRatio, saturatedTps } from '../figures/policy-ratios';
import type { Ratio } from '../figures/ratios';
import type { ModelFacts } from '../measures';
import type { PolicyFigures, PolicyName, PolicyRun } from './benchmark';
import { figure, percent, table, times } from './format';
import { spread } from './goals';

export function policiesTable(figures: PolicyFigures, model: ModelFacts, limits: Limits | null): string {
  const { saturated, poisson, rate, maxBatch, concurrency, outputTokens } = figures;
  const repeats = (runs: readonly unknown[]) => (runs.length === 1 ? '1 repeat' : `${runs.length} repeats`);
  return [
    `Answers of ${outputTokens.replace(':', ' to ')} tokens, max batch ${maxBatch}; medians. Saturated: closed loop of ${concurrency}, ${repeats(saturated)}.`,
    runsTable(saturated, model, limits),
    ...(rate === null
      ? ["Poisson load at 0.8 of static's capacity: not measured, there was no time for it (`--minutes`)."]
      : [
          `Poisson, ${figure(rate)} requests/s, 0.8 of what static serves saturated, ${repeats(poisson)}.`,
          runsTable(poisson, model, limits),
        ]),
    ratiosTable(figures),
  ].join('\n\n');
}

function runsTable(repeats: PolicyFigures['saturated'], model: ModelFacts, limits: Limits | null): string {
  const names = (repeats[0] ?? []).map(({ policy }) => policy);
  const median = (policy: PolicyName, pick: (run: PolicyRun) => number | null) =>
    medianOf(
      repeats.flat().flatMap((run) => {
        const value = run.policy === policy ? pick(run) : null;
        return value === null ? [] : [value];
      }),
    ) ?? Number.NaN;
  const flopShare = (run: PolicyRun) =>
    limits ? (2 * model.parameters * run.computedTps) / limits.flopPerS : null;
  return table(
    [
      'policy',
      'requests',
      'requests/s',
      'tokens/s',
      'while queued',
      'p95, ms',
      'TTFT p95, ms',
      'batch fill',
      'wasted',
      'of the arithmetic',
    ],
    names.map((policy) => [
      policy,
      figure(median(policy, ({ requests }) => requests)),
      figure(median(policy, ({ rps }) => rps)),
      figure(median(policy, ({ tps }) => tps)),
      figure(median(policy, saturatedTps)),
      figure(median(policy, ({ p95Ms }) => p95Ms)),
      figure(median(policy, ({ ttftP95Ms }) => ttftP95Ms)),
      figure(median(policy, ({ batchFill }) => batchFill)),
      percent(median(policy, ({ wasted }) => wasted)),
      percent(median(policy, flopShare)),
    ]),
  );
}

function ratiosTable({ saturated, poisson }: PolicyFigures): string {
  const cell = (ratio: Ratio | null) => (ratio ? `${times(ratio.median)} (${spread(ratio)})` : '–');
  const line = (says: string, runs: PolicyFigures['saturated'], policy: PolicyName, base: PolicyName) => [
    says,
    cell(policyRatio(runs, policy, base, saturatedTps)),
    cell(policyRatio(runs, policy, base, ({ tps }) => tps)),
    cell(policyTailRatio(runs, policy, base, ({ p95Ms }) => p95Ms)),
    cell(policyTailRatio(runs, policy, base, ({ ttftP95Ms }) => ttftP95Ms)),
  ];
  return table(
    ['ratio, median (least … most)', 'tokens/s while queued', 'tokens/s, whole run', 'p95', 'TTFT p95'],
    [
      line('saturated: continuous over static', saturated, 'continuous', 'static'),
      line('saturated: continuous over sequential', saturated, 'continuous', 'sequential'),
      line('saturated: static over sequential', saturated, 'static', 'sequential'),
      ...(poisson.length > 0
        ? [line('Poisson: continuous over static', poisson, 'continuous', 'static')]
        : []),
    ],
  );
}
