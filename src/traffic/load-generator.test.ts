import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARRIVALS, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import type { Outcome } from '../core/request';
import type { Trace } from '../core/trace';
import { VirtualClock } from '../simulator/virtual-clock';
import { LoadGenerator, type LoadLimit, type Submission } from './load-generator';
import { RequestSource } from './request-source';
import { createRng } from './rng';

const workload = {
  prompts: Array.from({ length: 20 }, (_, i) => Array.from({ length: 3 + i }, () => i + 1)),
  contextLength: 32,
};

interface Server {
  /** ms from sent to settled, by how many are in service with it. */
  readonly serviceMs: (inFlight: number, n: number) => number;
  readonly outcome?: (inFlight: number) => Outcome;
}

/** A server without a queue, in virtual time: each request takes a time of its own. */
function play(changes: Partial<LoadConfig>, limit: LoadLimit, server: Server, trace: Trace | null = null) {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const config = { ...DEFAULT_LOAD_CONFIG, ...changes };
  const rng = createRng(config.seed);
  const source = new RequestSource(workload, rng);
  const sent: Submission[] = [];
  const inFlightAt: number[] = [];
  const abandoned: { id: number; at: number }[] = [];
  let ids = 0;
  const generator: LoadGenerator = new LoadGenerator({
    clock,
    config,
    trace,
    rng,
    limit,
    next: (lengths) => source.next(++ids, config, lengths),
    send: (submission) => {
      sent.push(submission);
      inFlightAt.push(generator.inFlight);
      const { id } = submission.request;
      const outcome = server.outcome?.(generator.inFlight) ?? 'completed';
      const answer = () => generator.settled(id, outcome, clock.now());
      const ms = server.serviceMs(generator.inFlight, sent.length);
      if (ms === 0) answer();
      else void clock.sleep(ms).then(answer);
    },
    abandon: (id) => {
      abandoned.push({ id, at: clock.now() });
      generator.settled(id, 'cancelled', clock.now());
    },
  });
  let done = false;
  void generator.done.then(() => {
    done = true;
  });
  return { clock, generator, source, sent, inFlightAt, abandoned, config, isDone: () => done };
}

/** Those that need no trace. */
const SENDING = ARRIVALS.filter((arrival) => arrival !== 'trace');

const steady = (ms: number): Server => ({ serviceMs: () => ms });

test('exactly N requests, then done when all have settled', async () => {
  for (const arrival of SENDING) {
    const run = play({ arrival, concurrency: 7 }, { requests: 100 }, steady(30));
    await run.clock.run();
    expect(run.sent).toHaveLength(100);
    expect(run.generator.inFlight).toBe(0);
    expect(run.isDone()).toBe(true);
  }
});

test('a closed loop keeps its concurrency and starts staggered', async () => {
  const run = play({ concurrency: 10 }, { durationMs: 1000 }, steady(50));
  await run.clock.run();
  expect(Math.max(...run.inFlightAt)).toBe(10);
  expect(run.sent.slice(0, 10).map((s) => s.sent)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  // Each client sends the moment it is answered: every 50 ms until the second is over.
  expect(run.sent).toHaveLength(200);
});

test('clients think before they send again, and begin spread over that time', async () => {
  const run = play({ concurrency: 10, thinkTimeMs: 450 }, { durationMs: 5000 }, steady(50));
  await run.clock.run();
  expect(run.sent.slice(0, 10).map((s) => s.sent)).toEqual([0, 45, 90, 135, 180, 225, 270, 315, 360, 405]);
  // Each client is answered in 50 ms and thinks for 450: ten rounds of ten in 5 s, one or two at a time.
  expect(run.sent).toHaveLength(100);
  expect(Math.max(...run.inFlightAt)).toBe(2);
});

test('clients join and leave live; surplus ones leave after their answer', async () => {
  const run = play({ concurrency: 4 }, 'none', steady(100));
  await run.clock.advance(500);
  run.generator.change({ ...run.config, concurrency: 12 }, null);
  await run.clock.advance(500);
  expect(run.generator.inFlight).toBe(12);
  run.generator.change({ ...run.config, concurrency: 3 }, null);
  expect(run.generator.inFlight).toBe(12);
  await run.clock.advance(500);
  expect(run.generator.inFlight).toBe(3);
  run.generator.stop();
  await run.clock.run();
  expect(run.isDone()).toBe(true);
});

test('a rejected client paces itself instead of spinning', async () => {
  const full: Server = { serviceMs: () => 0, outcome: () => 'rejected' };
  const run = play({ concurrency: 5 }, { durationMs: 10_000 }, full);
  await run.clock.run();
  // Five clients, one try each 100 ms.
  expect(run.sent.length).toBe(500);
});

test('Poisson arrivals have the asked rate and exponential gaps', async () => {
  const run = play({ arrival: 'poisson', rate: 200 }, { durationMs: 60_000 }, steady(5));
  await run.clock.run();
  const gaps = run.sent.slice(1).map((s, i) => s.scheduled - (run.sent[i]?.scheduled ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  // 12,000 arrivals: the standard error of the mean gap is below 1 %.
  expect(mean / 5).toBeCloseTo(1, 1);
  expect(deviation / mean).toBeCloseTo(1, 1);
  expect(run.sent.every((s) => s.sent === s.scheduled)).toBe(true);
});

test('a late open loop sends all that is due, each with its own scheduled', async () => {
  const run = play({ arrival: 'poisson', rate: 100 }, 'none', steady(1));
  // A machine that stood still: its first timer comes at 1000.
  const sleep = run.clock.sleep.bind(run.clock);
  run.clock.sleep = () => sleep(1000);
  await run.clock.advance(999);
  expect(run.sent).toHaveLength(0);
  await run.clock.advance(1);
  expect(run.sent.length).toBeGreaterThan(60);
  expect(run.sent.every((s) => s.sent === 1000 && s.scheduled <= 1000)).toBe(true);
  expect(new Set(run.sent.map((s) => s.scheduled)).size).toBe(run.sent.length);
});

test('a live change of rate keeps the stream: gaps are the same multiples of the mean', async () => {
  const slow = play({ arrival: 'poisson', rate: 10 }, { requests: 50 }, steady(1));
  await slow.clock.run();
  const fast = play({ arrival: 'poisson', rate: 20 }, { requests: 50 }, steady(1));
  await fast.clock.run();
  const changed = play({ arrival: 'poisson', rate: 10 }, { requests: 50 }, steady(1));
  const at = ((slow.sent[19]?.scheduled ?? 0) + (slow.sent[20]?.scheduled ?? 0)) / 2;
  await changed.clock.advance(at);
  changed.generator.change({ ...changed.config, rate: 20 }, null);
  await changed.clock.run();
  for (let i = 0; i < 50; i++) {
    const expected = i < 20 ? slow.sent[i]?.scheduled : at + ((slow.sent[i]?.scheduled ?? 0) - at) / 2;
    // Arrivals fall on a grid of about a microsecond.
    expect(changed.sent[i]?.scheduled).toBeCloseTo(expected ?? 0, 2);
    expect(fast.sent[i]?.scheduled).toBeCloseTo((slow.sent[i]?.scheduled ?? 0) / 2, 2);
  }
});

test('arrival can change live in both directions', async () => {
  const run = play({ concurrency: 4 }, 'none', steady(100));
  await run.clock.advance(1000);
  run.generator.change({ ...run.config, arrival: 'poisson', rate: 50 }, null);
  await run.clock.advance(10_000);
  const open = run.sent.filter((s) => s.scheduled > 1000).length;
  expect(open).toBeGreaterThan(400);
  expect(open).toBeLessThan(600);
  run.generator.change({ ...run.config, arrival: 'closed', concurrency: 2 }, null);
  await run.clock.advance(1000);
  expect(run.generator.inFlight).toBe(2);
  run.generator.stop();
  await run.clock.run();
  expect(run.isDone()).toBe(true);
});

test('the same seed gives the same arrivals, prompts and lengths, however the server behaves', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1000),
      fc.constantFrom(...SENDING),
      fc.constantFrom('eos' as const, 4, 40, '2:48' as const, 'lognormal:10:1' as const),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 }),
      async (seed, arrival, outputTokens, times) => {
        const changes = { seed, arrival, outputTokens, rate: 50, concurrency: 5 };
        const one = play(changes, { requests: 40 }, steady(20));
        const other = play(changes, { requests: 40 }, { serviceMs: (_, n) => times[n % times.length] ?? 1 });
        await one.clock.run();
        await other.clock.run();
        expect(other.sent.map((s) => s.request)).toEqual(one.sent.map((s) => s.request));
        if (arrival !== 'closed') {
          expect(other.sent.map((s) => s.scheduled)).toEqual(one.sent.map((s) => s.scheduled));
        }
        for (const { request, scheduled, sent } of one.sent) {
          expect(sent).toBeGreaterThanOrEqual(scheduled);
          expect(request.prompt.length + request.maxNewTokens).toBeLessThanOrEqual(workload.contextLength);
        }
      },
    ),
    { numRuns: 10 },
  );
});

test('a forced length is clipped to the context and the clipped are counted', () => {
  const source = new RequestSource(workload, createRng(1));
  const requests = Array.from({ length: 200 }, (_, id) =>
    source.next(id, { ...DEFAULT_LOAD_CONFIG, outputTokens: 20 }),
  );
  const clipped = requests.filter((r) => r.prompt.length > 12);
  expect(clipped.length).toBeGreaterThan(0);
  expect(source.clipped).toBe(clipped.length);
  expect(clipped.every((r) => r.maxNewTokens === 32 - r.prompt.length && r.ignoreEos)).toBe(true);
  expect(requests.filter((r) => r.prompt.length <= 12).every((r) => r.maxNewTokens === 20)).toBe(true);
  expect(new RequestSource(workload, createRng(1)).next(1, DEFAULT_LOAD_CONFIG).ignoreEos).toBe(false);
});

test('a range forces lengths from its one end to the other, whatever was asked for before', () => {
  const source = new RequestSource({ ...workload, contextLength: 128 }, createRng(1));
  const ranged = { ...DEFAULT_LOAD_CONFIG, outputTokens: '2:9' as const };
  const requests = Array.from({ length: 600 }, (_, id) => source.next(id, ranged));
  const lengths = requests.map((r) => r.maxNewTokens);
  expect([...new Set(lengths)].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  for (let length = 2; length <= 9; length++) {
    expect(lengths.filter((one) => one === length).length).toBeGreaterThan(40);
  }
  expect(requests.every((r) => r.ignoreEos)).toBe(true);
  const other = new RequestSource({ ...workload, contextLength: 128 }, createRng(1));
  other.next(0, DEFAULT_LOAD_CONFIG);
  expect(other.next(1, ranged)).toEqual(requests[1]);
});

test('each request has a seed of its own, the same whatever was asked for before; greedy ones have none', () => {
  const sampled = { ...DEFAULT_LOAD_CONFIG, temperature: 0.8, topK: 40, topP: 0.9 };
  const sourceOf = (seed: number) => new RequestSource(workload, createRng(seed));
  const source = sourceOf(1);
  const seeds = Array.from({ length: 500 }, (_, id) => {
    const { sampling } = source.next(id, sampled);
    expect(sampling).toEqual({ temperature: 0.8, topK: 40, topP: 0.9, seed: expect.any(Number) });
    return sampling?.seed ?? -1;
  });
  expect(new Set(seeds).size).toBe(500);
  expect(Math.min(...seeds)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...seeds)).toBeGreaterThan(2 ** 31);
  const other = sourceOf(1);
  expect(other.next(0, DEFAULT_LOAD_CONFIG).sampling).toBeNull();
  expect(other.next(1, sampled).sampling?.seed).toBe(seeds[1]);
  expect(sourceOf(2).next(0, sampled).sampling?.seed).not.toBe(seeds[0]);
});

test('a share of the clients goes away when its patience ends, and not if it was answered before', async () => {
  const impatient = { rate: 100, arrival: 'poisson', abandonShare: 0.3, abandonAfterMs: 40 } as const;
  const slow = play(impatient, { requests: 1000 }, { serviceMs: (_, n) => (n % 2 === 0 ? 39 : 60) });
  await slow.clock.run();
  expect(slow.isDone()).toBe(true);
  expect(slow.abandoned.length).toBeGreaterThan(100);
  expect(slow.abandoned.length).toBeLessThan(200);
  const sentAt = new Map(slow.sent.map(({ request, sent }) => [request.id, sent]));
  for (const { id, at } of slow.abandoned) {
    expect(at).toBeCloseTo((sentAt.get(id) ?? 0) + 40);
    expect(id % 2).toBe(1);
  }
  // The same clients, whatever the server does.
  const slower = play(impatient, { requests: 1000 }, steady(500));
  await slower.clock.run();
  const first = new Set(slower.abandoned.map(({ id }) => id));
  expect(slow.abandoned.every(({ id }) => first.has(id))).toBe(true);
});

test('a share of the requests is urgent, and each wants its sequences', () => {
  const source = new RequestSource(workload, createRng(1));
  const config = { ...DEFAULT_LOAD_CONFIG, sequences: 3, urgentShare: 0.2 };
  const requests = Array.from({ length: 500 }, (_, id) => source.next(id, config));
  expect(requests.every((r) => r.sequences === 3)).toBe(true);
  const urgent = requests.filter((r) => r.priority === 1).length;
  expect(urgent).toBeGreaterThan(60);
  expect(urgent).toBeLessThan(140);
});
