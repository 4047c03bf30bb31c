import { describe, expect, test } from 'vitest';
import type { Clock } from '../core/clock';
import { ARRIVALS, type Arrival, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { percentilesOf } from '../metrics/percentiles';
import { VirtualClock } from '../simulator/virtual-clock';
import { LoadGenerator } from './load-generator';
import { createRng } from './rng';

const [BUSY_MS, EVERY_MS, SERVICE_MS] = [300, 400, 20];
const LOAD = {
  ...DEFAULT_LOAD_CONFIG,
  concurrency: 8,
  rate: 50,
  rampS: 2,
  spikeStartS: 1,
  spikeFactor: 2,
  seed: 1,
};
const TRACE = {
  name: 't.csv',
  format: 'Vidur',
  unit: 's' as const,
  unitReason: null,
  at: Float64Array.from({ length: 400 }, (_, i) => i * 20),
  promptTokens: new Uint32Array(400).fill(4),
  outputTokens: new Uint32Array(400).fill(4),
  failed: 0,
  unsorted: 0,
};

/** Eight seconds of a load to a server that answers each request after 20 ms; latency and send lag, ms. */
async function play(arrival: Arrival, freeFrom: (at: number) => number) {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const free = () => clock.sleep(freeFrom(clock.now()) - clock.now());
  const busyClock: Clock = {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      await free();
    },
  };
  const latencies: number[] = [];
  const lags: number[] = [];
  let ids = 0;
  const generator: LoadGenerator = new LoadGenerator({
    clock: busyClock,
    config: { ...LOAD, arrival },
    trace: TRACE,
    rng: createRng(1),
    limit: { durationMs: 8000 },
    next: () => ({
      id: ++ids,
      prompt: [1],
      maxNewTokens: 1,
      ignoreEos: true,
      sequences: 1,
      priority: 0,
      sampling: null,
    }),
    send: async ({ request, scheduled, sent }) => {
      lags.push(sent - scheduled);
      await clock.sleep(SERVICE_MS);
      const finished = clock.now();
      latencies.push(finished - scheduled);
      await free();
      generator.settled(request.id, 'completed', finished);
    },
    abandon: () => {},
  });
  await clock.run();
  return { latency: percentilesOf(latencies), lag: percentilesOf(lags), requests: latencies.length };
}

const stalled = (at: number) => (at % EVERY_MS < BUSY_MS ? at - (at % EVERY_MS) + BUSY_MS : at);

describe('a generator that is busy for 300 of each 400 ms', () => {
  test.each(ARRIVALS)('shows in the latency and in the send lag under %s arrivals', async (arrival) => {
    const calm = await play(arrival, (at) => at);
    const busy = await play(arrival, stalled);
    expect(calm.lag?.p95).toBe(0);
    expect(calm.latency?.p95).toBe(SERVICE_MS);
    expect(busy.lag?.mean).toBeGreaterThan(50);
    expect(busy.lag?.p95).toBeGreaterThan(200);
    expect(busy.latency?.p95).toBeGreaterThan(200 + SERVICE_MS);
  });

  test('leaves no time out in a closed loop: what is not latency of one request is latency of the next', async () => {
    const { latency, requests } = await play('closed', stalled);
    // Eight clients for eight seconds, without think time.
    expect(((latency?.mean ?? 0) * requests) / 8).toBeCloseTo(8000, -3);
  });
});
