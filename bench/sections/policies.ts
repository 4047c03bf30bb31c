import { sentence } from '../../cli/page-error';
import type { PageWindow } from '../../cli/page-window';
import { type Session, withPage } from '../../cli/session';
import type { BenchOptions, BenchResult } from '../../src/core/experiment';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../../src/core/serving-config';
import { medianOf } from '../../src/metrics/percentiles';
import { saturatedThroughput } from '../figures/saturated-throughput';
import { type Pace, planPolicies } from '../plan';
import { POLICY_NAMES, type PolicyFigures, type PolicyName, type PolicyRun } from '../report/benchmark';
import type { Section } from '../section';

declare const window: PageWindow;

const MAX_BATCH = 16;
/** Three times the slots: the queue is never empty, and no longer than it has to be. */
const CONCURRENCY = 48;
const OUTPUT_TOKENS = '2:48';
const SEED = 1;
const UNDER_POISSON = ['static', 'continuous'] as const;
/** Of static's capacity. */
const LOAD = 0.8;

/**
 * The production page under the same seeded load, policy by policy: saturated by a closed loop, then at a load that static
 * still carries. In each repeat the policies run next to each other in time, in turning order.
 */
export async function measurePolicies(section: Section, pace: Pace): Promise<PolicyFigures> {
  const plan = planPolicies(section.budgetMs, pace);
  return withPage(section.choice, section.progress, async (session) => {
    const measure = (policy: PolicyName, load: Partial<LoadConfig>, requests: number) => {
      section.progress.show(`${section.kind}: ${policy}, ${load.arrival}, ${requests} requests`);
      return runPolicy(
        session,
        policy,
        { ...DEFAULT_LOAD_CONFIG, outputTokens: OUTPUT_TOKENS, ...load },
        requests,
      );
    };
    const saturated: PolicyRun[][] = [];
    for (let repeat = 0; repeat < plan.repeats; repeat++) {
      const load = { arrival: 'closed', concurrency: CONCURRENCY, seed: SEED + repeat } as const;
      saturated.push(
        await inTurn(POLICY_NAMES, repeat, (policy) =>
          measure(policy, load, policy === 'sequential' ? plan.sequentialRequests : plan.requests),
        ),
      );
    }
    const capacity = medianOf(
      saturated.flatMap((runs) => runs.filter(({ policy }) => policy === 'static').map(({ rps }) => rps)),
    );
    const rate = plan.poissonRequests > 0 && capacity !== null ? LOAD * capacity : null;
    const poisson: PolicyRun[][] = [];
    for (let repeat = 0; rate !== null && repeat < plan.poissonRepeats; repeat++) {
      const load = { arrival: 'poisson', rate, seed: SEED + repeat } as const;
      poisson.push(
        await inTurn(UNDER_POISSON, repeat, (policy) => measure(policy, load, plan.poissonRequests)),
      );
    }
    return {
      outputTokens: OUTPUT_TOKENS,
      maxBatch: MAX_BATCH,
      concurrency: CONCURRENCY,
      saturated,
      rate,
      poisson,
    };
  });
}

/** Begins with another one each time, so that none is always first. @returns in the order of `items` */
async function inTurn<Item, Result>(
  items: readonly Item[],
  turn: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < items.length; i++) {
    const index = (i + turn) % items.length;
    results[index] = await run(items[index] as Item);
  }
  return results;
}

async function runPolicy(
  { page }: Session,
  policy: PolicyName,
  load: LoadConfig,
  requests: number,
): Promise<PolicyRun> {
  const asked: BenchOptions = {
    serving: { ...DEFAULT_SERVING_CONFIG, policy, maxBatch: MAX_BATCH, maxQueue: 4096 },
    load,
    slo: { p95Ms: null, ttftMs: null },
    requests,
    durationS: null,
    repeats: 1,
  };
  const { summary, records }: BenchResult = await sentence(
    page.evaluate((options) => window.headway.runExperiment(options), asked),
  );
  const [run = []] = records;
  if (summary.ok !== requests) {
    throw new Error(`Of ${requests} requests under ${policy}, ${summary.ok} were answered.`);
  }
  const prompts = run.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
  const outputs = run.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const tps = summary.throughput_tps ?? Number.NaN;
  return {
    policy,
    requests,
    ok: summary.ok,
    rps: summary.throughput_rps ?? Number.NaN,
    tps,
    saturatedTps: load.arrival === 'closed' ? saturatedThroughput(run, load.concurrency) : null,
    p95Ms: summary.latency_ms?.p95 ?? Number.NaN,
    ttftP95Ms: summary.ttft_ms?.p95 ?? Number.NaN,
    batchFill: summary.mean_batch_fill,
    wasted: summary.wasted_token_share,
    verdict: summary.saturation,
    computedTps: (tps * (prompts + outputs)) / outputs,
  };
}
