import { describe, expect, it } from 'vitest';
import { measureLoad } from '../../../testing/scheduler/measured-load';
import type { Clock } from '../../core/clock';
import { percentilesOf } from '../../metrics/percentiles';

const STOPS_AT = 5000;
const STALL_MS = 1000;
const NO_SLO = { p95Ms: null, ttftMs: null };

/**
 * Ten seconds of 100 requests a second to a server that answers in 2 ms, but stands still for the sixth of them.
 * @param together whether the client shares the server's thread, and so stands still with it
 */
function measureStall({ together }: { readonly together: boolean }) {
  let until = Number.NEGATIVE_INFINITY;
  const heldUp = (clock: Clock): Clock => ({
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (clock.now() < until) await clock.sleep(until - clock.now());
    },
  });
  return measureLoad({
    serving: { policy: 'continuous', maxBatch: 64 },
    load: { arrival: 'poisson', rate: 100, seed: 1 },
    requests: 1000,
    passMs: 2,
    passTime: (ms, at) => {
      if (at < STOPS_AT || until > 0) return ms;
      until = at + ms + STALL_MS;
      return ms + STALL_MS;
    },
    ...(together ? { clientClock: heldUp } : {}),
  });
}

describe('a server that stalls for a second in an open loop', () => {
  it('shows in p99, since clients keep their schedule', async () => {
    const { latency_ms, send_lag_ms } = (await measureStall({ together: false })).summary(NO_SLO, 10);
    // A tenth of the requests comes during the stall and waits for what is left of it, the slowest hundredth for nine tenths.
    expect(latency_ms?.p99).toBeGreaterThan(0.85 * STALL_MS);
    expect(latency_ms?.p99).toBeLessThan(STALL_MS);
    expect(latency_ms?.p95).toBeGreaterThan(0.4 * STALL_MS);
    expect(latency_ms?.p50).toBeLessThan(5);
    expect(send_lag_ms).toBe(0);
  });

  it('shows as much where it delays the client, which counting from the send time would hide', async () => {
    const run = await measureStall({ together: true });
    const planned = run.summary(NO_SLO, 10).latency_ms;
    expect(planned?.p99).toBeGreaterThan(0.85 * STALL_MS);
    expect(planned?.p95).toBeGreaterThan(0.4 * STALL_MS);
    // Nothing is sent during the stall: of a whole second, only the one request under way shows it by its sending.
    const fromSending = run.records().map(({ sent, finished }) => (finished ?? 0) - sent);
    expect(percentilesOf(fromSending)?.p99).toBeLessThan(0.02 * STALL_MS);
    expect(run.records().filter(({ sent, finished }) => (finished ?? 0) - sent >= STALL_MS)).toHaveLength(1);
  });
});
