import type { Page } from '@playwright/test';
import type { LiveSnapshot } from '../src/core/figures';
import { OUTCOMES } from '../src/core/request';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { configure, expect, snapshot, test } from './support/headway-test';

const OVERLOAD_S = 120;
const TIMEOUT_MS = 1000;
const ABANDON = { abandonShare: 0.05, abandonAfterMs: 200 };
/** Of messages, forward passes and timers on a machine that has nothing to spare, ms. */
const SLACK_MS = 1000;
/** When the memory is looked at, s: when all is warm, and late. */
const MEMORY_AT_S = [15, 90];
const MIB = 2 ** 20;

const look = async (page: Page) => (await snapshot(page)) as LiveSnapshot;

/** Requests of 16 tokens that 32 clients get answered in a second. */
async function capacityOf(page: Page): Promise<number> {
  const { summary } = await page.evaluate(
    (serving) =>
      window.headway.runExperiment({
        serving,
        load: { arrival: 'closed', concurrency: 32, outputTokens: 16 },
        slo: { p95Ms: null, ttftMs: null },
        requests: 400,
        durationS: null,
        repeats: 1,
      }),
    DEFAULT_SERVING_CONFIG,
  );
  return summary.throughput_rps ?? 0;
}

/** All JavaScript memory of the page and its workers after a garbage collection, bytes. The browser chooses the moment. */
const memoryOf = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const measured = performance as Performance & {
      measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
    };
    return (await measured.measureUserAgentSpecificMemory()).bytes;
  });

/** p95 of at least so many answers in the window, ms; infinite before. */
async function p95Of(page: Page, answers: number): Promise<number> {
  const { latency_ms: latency } = await look(page);
  return latency && latency.count >= answers ? latency.p95 : Number.POSITIVE_INFINITY;
}

test('ten times the capacity for two minutes: bounded, accounted for, and then all is as before', async ({
  headway,
}) => {
  test.setTimeout(240_000);
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const capacity = await capacityOf(page);
  const gentle = capacity / 10;
  const maxQueue = Math.ceil(capacity / 2);
  const load = { arrival: 'poisson', rate: gentle, outputTokens: 16, ...ABANDON } as const;
  await configure(page, { maxQueue, timeoutMs: TIMEOUT_MS, ...load });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(() => p95Of(page, 40)).toBeLessThan(TIMEOUT_MS);
  const before = { p95: await p95Of(page, 40), totals: (await look(page)).totals };

  await configure(page, { rate: capacity * 10 });
  const begun = Date.now();
  const looks: LiveSnapshot[] = [];
  const memory: Promise<number>[] = [];
  while (Date.now() - begun < OVERLOAD_S * 1000) {
    await page.waitForTimeout(1000);
    looks.push(await look(page));
    const due = MEMORY_AT_S[memory.length] ?? Number.POSITIVE_INFINITY;
    if (Date.now() - begun > due * 1000) memory.push(memoryOf(page));
  }
  const seconds = (Date.now() - begun) / 1000;
  const { totals } = looks.at(-1) as LiveSnapshot;
  const perSecond = (name: keyof typeof totals) => (totals[name] - before.totals[name]) / seconds;
  const most = (read: (seen: LiveSnapshot) => number) => Math.max(...looks.map(read));
  const [early = 0, late = 0] = (await Promise.all(memory)).map((bytes) => bytes / MIB);

  await configure(page, { rate: gentle });
  const calmFrom = Date.now();
  await expect.poll(() => p95Of(page, 10), { timeout: 20_000 }).toBeLessThan(2 * before.p95 + 20);
  const calmAfterMs = Date.now() - calmFrom;
  await page.evaluate(() => window.headway.stopLoad());

  const worstP99 = most(({ latency_ms }) => latency_ms?.p99 ?? 0);
  const mostHeld = most(({ inFlight }) => inFlight);
  test.info().annotations.push({
    type: 'measured',
    description:
      `capacity ${capacity.toFixed(0)}/s, sent ${perSecond('sent').toFixed(0)}/s, completed ` +
      `${perSecond('completed').toFixed(0)}/s; p99 at most ${worstP99.toFixed(0)} ms, in flight at most ${mostHeld}; ` +
      `memory ${early.toFixed(1)} → ${late.toFixed(1)} MiB; gentle p95 ${before.p95.toFixed(0)} ms again after ` +
      `${calmAfterMs} ms; ${JSON.stringify(totals)}`,
  });

  // It was an overload, and the server served on.
  expect(perSecond('sent')).toBeGreaterThan(9 * capacity);
  for (const outcome of ['completed', 'rejected', 'cancelled'] as const) {
    expect(totals[outcome], outcome).toBeGreaterThan(20);
  }
  // Bounded: what is held, what the accepted wait, what is kept.
  expect(mostHeld).toBeLessThan(maxQueue + 10 * capacity * (SLACK_MS / 1000));
  expect(worstP99).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  const overQueue = most(({ latency_ms, throughput_rps }) =>
    latency_ms && throughput_rps ? latency_ms.p99 - (1000 * maxQueue) / throughput_rps : 0,
  );
  expect(overQueue, 'ms more than a full queue takes').toBeLessThan(SLACK_MS);
  expect(late - early, 'MiB more after 75 s').toBeLessThan(8);
  // Accounted for, every single one.
  await expect.poll(async () => (await look(page)).inFlight).toBe(0);
  const end = await look(page);
  expect(OUTCOMES.reduce((sum, outcome) => sum + end.totals[outcome], 0)).toBe(end.totals.sent);
  expect(end.totals.failed).toBe(0);
});
