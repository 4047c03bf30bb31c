import { expect, test } from '@playwright/test';
import { run, type Started, start } from './support/process';

test.setTimeout(120_000);

/** Server and client in processes of their own, as in the field. No browser has a part in it. */
async function known(options: object): Promise<{ readonly url: string; readonly server: Started }> {
  const server = start('testing/known-server-main.ts', [JSON.stringify(options)]);
  const [, url = ''] = await server.said(/known at (\S+)/);
  return { url, server };
}

async function bench(url: string, options: string) {
  const args = `bench --target ${url} --repeats 1 --json ${options}`.split(' ');
  const { code, stdout, stderr } = await run('cli/main.ts', args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Within 2 % or 2 ms of the truth, whichever allows more. */
function expectNear(measured: number, truth: number): void {
  expect(Math.abs(measured - truth)).toBeLessThanOrEqual(Math.max(2, truth * 0.02));
}

test('the figures of a server of known truth come back', async () => {
  const [ttftMs, itlMs, tokens, concurrency] = [80, 20, 21, 4];
  const { url, server } = await known({ ttftMs, itlMs, concurrency });
  try {
    const summary = await bench(url, `--requests 120 --concurrency ${concurrency} --output-tokens ${tokens}`);
    expect(summary).toMatchObject({ requests: 120, ok: 120, short_answers: 0 });
    expectNear(summary.ttft_ms.p50, ttftMs);
    expectNear(summary.itl_ms.p50, itlMs);
    expectNear(summary.tpot_ms.p50, itlMs);
    const latency = ttftMs + (tokens - 1) * itlMs;
    expectNear(summary.latency_ms.p50, latency);
    // Each client asks again as soon as it is answered. They begin spread over the time of one answer, which the interval has in it.
    const answersInTurn = 120 / concurrency + (concurrency - 1) / concurrency;
    const truth = (120 * 1000) / (answersInTurn * latency);
    expect(Math.abs(summary.throughput_rps / truth - 1)).toBeLessThan(0.02);
  } finally {
    server.terminate();
  }
});

test('a thousand streams at once, sent in time, and every one is accounted for', async () => {
  // 200 a second that take 5 s each are 1,000 in flight.
  const { url, server } = await known({ ttftMs: 1000, itlMs: 400 });
  try {
    const summary = await bench(url, '--arrival constant --rate 200 --requests 2400 --output-tokens 11');
    const { ok, rejected, expired, cancelled, failed } = summary;
    expect([ok, rejected, expired, cancelled, failed]).toEqual([2400, 0, 0, 0, 0]);
    expect(summary.send_lag_ms).toBeLessThan(10);
    // Little: requests a second times seconds each.
    const steady = (200 * summary.latency_ms.mean) / 1000;
    expect(steady).toBeGreaterThan(990);
  } finally {
    server.terminate();
  }
});
