import { describe, expect, test, vi } from 'vitest';

// Some 300,000 requests are simulated.
vi.setConfig({ testTimeout: 180_000 });

import { BLANK_CALIBRATION, type Calibration } from '../core/calibration';
import type { ServingEvent } from '../core/events';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG, POLICIES } from '../core/serving-config';
import { ROUTERS } from '../core/twin-control';
import { createRng } from '../traffic/rng';
import type { Noise } from './noise';
import { type SimulationPlan, simulate } from './simulate';

/** A service of `ms` on average: one prompt token, one token said. */
const serviceOf = (ms: number): Calibration => ({
  ...BLANK_CALIBRATION,
  terms: { ...BLANK_CALIBRATION.terms, prefill_ms: ms },
  prompts: [[1, null]],
});

const queueing = (calibration: Calibration, rate: number, noise?: Noise): SimulationPlan => ({
  calibration,
  serving: { ...DEFAULT_SERVING_CONFIG, policy: 'sequential', maxQueue: 100_000 },
  load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate, outputTokens: 1, seed: 3 },
  slo: { p95Ms: null, ttftMs: null },
  requests: 40_000,
  durationS: null,
  ...(noise && { noise }),
});

const exponential = (): Noise => {
  const rng = createRng(11);
  const next = () => -Math.log1p(-rng.uniform());
  return { prefill: next, decode: next };
};

/** Probability that a request waits with c servers and an offered load of a (Erlang C). */
function erlangC(c: number, a: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < c; k++) {
    term *= a / k;
    sum += term;
  }
  const last = ((term * a) / c) * (c / (c - a));
  return last / (sum + last);
}

describe('against closed formulas', () => {
  test('M/D/1: the mean wait of Pollaczek and Khinchine', () => {
    const [s, rho] = [10, 0.7];
    const { summary } = simulate(queueing(serviceOf(s), (rho * 1000) / s));
    expect(summary.queue_ms?.mean).toBeCloseTo((rho * s) / (2 * (1 - rho)), 0);
    expect((summary.queue_ms?.mean ?? 0) / ((rho * s) / (2 * (1 - rho)))).toBeCloseTo(1, 1);
  });

  test('M/M/1: latency is exponential with mean 1 / (μ − λ)', () => {
    const [s, rho] = [10, 0.6];
    const { summary } = simulate(queueing(serviceOf(s), (rho * 1000) / s, exponential()));
    const mean = s / (1 - rho);
    expect((summary.latency_ms?.mean ?? 0) / mean).toBeCloseTo(1, 1);
    expect((summary.latency_ms?.p95 ?? 0) / (mean * Math.log(20))).toBeCloseTo(1, 1);
  });

  test('M/M/c: a central queue before c engines waits as Erlang C says', () => {
    const [s, c, rho] = [10, 8, 0.85];
    const a = rho * c;
    const rate = (a * 1000) / s;
    const plan = { ...queueing(serviceOf(s), rate, exponential()), replicas: c, router: 'central' } as const;
    const { latency_ms } = simulate(plan).summary;
    const mean = s + (erlangC(c, a) * s) / (c - a);
    expect(Math.abs((latency_ms?.mean ?? 0) / mean - 1)).toBeLessThan(0.02);
  });
});

test('the better the router knows its engines, the shorter the tail', () => {
  const p95 = ROUTERS.map((router) => {
    const plan = queueing(serviceOf(10), 8 * 85, exponential());
    return simulate({ ...plan, requests: 40_000, replicas: 8, router }).summary.latency_ms?.p95 ?? 0;
  });
  const [central = 0, roundRobin = 0, least = 0, two = 0] = p95;
  expect(central).toBeLessThan(least * 1.02);
  expect(least).toBeLessThan(two);
  expect(two).toBeLessThan(roundRobin);
});

test('thousands of replicas answer what they are sent', () => {
  const plan = queueing(serviceOf(10), 150_000);
  const { summary } = simulate({ ...plan, requests: 20_000, replicas: 2000, router: 'power-of-two' });
  expect(summary.ok).toBe(20_000);
});

describe.each(POLICIES)('under %s', (policy) => {
  const calibration: Calibration = {
    ...BLANK_CALIBRATION,
    terms: {
      ...BLANK_CALIBRATION.terms,
      decode_ms: [
        [1, 1],
        [8, 2],
      ],
      prefill_ms: 1,
      prefill_token_ms: 0.1,
    },
    prompts: Array.from({ length: 20 }, (_, i) => [3 + i, 2 + ((i * 7) % 15)]),
  };
  const plan = (load: Partial<typeof DEFAULT_LOAD_CONFIG>): SimulationPlan => ({
    calibration,
    serving: { ...DEFAULT_SERVING_CONFIG, policy, timeoutMs: 900, maxQueue: 40 },
    load: { ...DEFAULT_LOAD_CONFIG, abandonShare: 0.1, abandonAfterMs: 300, ...load },
    slo: { p95Ms: 100, ttftMs: null },
    requests: 2000,
    durationS: null,
  });

  test.each([0, 2])(
    'each request settles once, also under overload, with %i passes ahead',
    (passes_ahead) => {
      const settled = new Map<number, number>();
      const engine = { ...calibration.engine, passes_ahead };
      const { summary } = simulate({
        ...plan({ arrival: 'poisson', rate: 400, sequences: 2 }),
        calibration: { ...calibration, engine },
        onEvent: (event: ServingEvent) => {
          if (event.type === 'settled') settled.set(event.id, (settled.get(event.id) ?? 0) + 1);
        },
      });
      expect(settled.size).toBe(2000);
      expect([...settled.values()].every((times) => times === 1)).toBe(true);
      const { ok, rejected, expired, cancelled, failed } = summary;
      expect(ok + rejected + expired + cancelled).toBe(2000);
      expect(failed).toBe(0);
      expect(rejected + expired + cancelled).toBeGreaterThan(0);
    },
  );

  test('the same seed gives the same figures, another one others', () => {
    const figures = (seed: number) => simulate(plan({ arrival: 'poisson', rate: 30, seed })).summary;
    expect(figures(1)).toEqual(figures(1));
    expect(figures(2).latency_ms).not.toEqual(figures(1).latency_ms);
  });

  test('a closed loop keeps its clients busy', () => {
    const { summary } = simulate(plan({ arrival: 'closed', concurrency: 8, abandonShare: 0 }));
    expect(summary.ok).toBe(2000);
    expect(summary.littles_law_error).toBeLessThan(0.05);
  });
});
