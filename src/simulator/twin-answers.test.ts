import { expect, test } from 'vitest';
import { BLANK_CALIBRATION, type Calibration } from '../core/calibration';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import type { TwinQuestion } from '../core/twin-control';
import { TWIN } from './twin-answers';

const calibration: Calibration = {
  ...BLANK_CALIBRATION,
  terms: {
    ...BLANK_CALIBRATION.terms,
    decode_ms: [
      [1, 2],
      [8, 4],
    ],
    prefill_ms: 1,
    prefill_token_ms: 0.05,
  },
  engine: { ...BLANK_CALIBRATION.engine, passes_ahead: 0 },
  seen: { rows: 8, prompt_tokens: 200, attended: 200 },
  prompts: Array.from({ length: 12 }, (_, i) => [4 + i, 3 + ((i * 5) % 14)]),
};

const question = (changes: Partial<TwinQuestion> = {}): TwinQuestion => ({
  calibration,
  serving: DEFAULT_SERVING_CONFIG,
  load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate: 40 },
  slo: { p95Ms: 60, ttftMs: null },
  replicas: 1,
  router: 'least-outstanding',
  speed: 1,
  requests: 300,
  ...changes,
});

test('a curve for each policy, over the offered load up to what it can serve', () => {
  const curves = TWIN.curves(question());
  expect(curves.map(({ policy }) => policy)).toEqual(['sequential', 'static', 'continuous']);
  const [sequential, , continuous] = curves;
  expect(continuous?.points.map(({ amount }) => amount)).toContain(40);
  expect(continuous?.points.length).toBeGreaterThan(sequential?.points.length ?? 0);
  const throughputs = continuous?.points.map(({ throughput_rps }) => throughput_rps) ?? [];
  expect(throughputs).toEqual(throughputs.toSorted((a, b) => a - b));
});

test('a closed loop is swept over its clients, and a ramp has no curve', () => {
  const closed = { ...DEFAULT_LOAD_CONFIG, arrival: 'closed', concurrency: 6 } as const;
  const [curve] = TWIN.curves(question({ load: closed }));
  expect(curve?.points.map(({ amount }) => amount)).toEqual([1, 2, 4, 6, 8]);
  expect(TWIN.curves(question({ load: { ...closed, arrival: 'ramp' } }))).toEqual([]);
});

test('one setting comes with the range of its seeds; a faster device answers sooner', () => {
  const now = TWIN.point(question());
  const faster = TWIN.point(question({ speed: 4 }));
  expect(now?.p95Range?.[0]).toBeLessThanOrEqual(now?.p95Ms ?? 0);
  expect(now?.p95Range?.[1]).toBeGreaterThanOrEqual(now?.p95Ms ?? 0);
  expect(faster?.p95Ms).toBeLessThan((now?.p95Ms ?? 0) / 3);
});

test('how many replicas: the fewest that keep the objective', () => {
  const load = { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate: 900 } as const;
  const answer = TWIN.replicas(question({ load, router: 'central' }));
  expect(answer.replicas).toBeGreaterThan(2);
  expect(answer.point?.p95Ms).toBeLessThanOrEqual(60);
  const fewer = answer.fewer;
  expect(
    !fewer || fewer.p95Ms > 60 || fewer.throughput_rps < 0.9 * 900 || fewer.saturation === 'overloaded',
  ).toBe(true);
  const impossible = TWIN.replicas(question({ slo: { p95Ms: 1, ttftMs: null }, requests: 50 }));
  expect(impossible).toMatchObject({ replicas: null, tried: 1 });
});

test('a race sends the same requests through each policy and tells every row', () => {
  const lanes = TWIN.race(question({ requests: 40 }));
  const sent = lanes.map(({ requests }) => requests.map((request) => request.sent));
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[2]).toEqual(sent[0]);
  expect(lanes.map(({ slots }) => slots)).toEqual([1, 8, 8]);
  for (const { steps, slots, requests, lasted } of lanes) {
    expect(requests.every(({ latencyMs }) => (latencyMs ?? 0) > 0)).toBe(true);
    expect(steps.every((step) => step.slots.every((slot) => slot < slots) && step.to <= lasted)).toBe(true);
  }
  expect(lanes[1]?.steps.some(({ rows }) => rows.includes('wasted'))).toBe(true);
  expect(lanes[2]?.steps.some(({ rows }) => rows.includes('wasted'))).toBe(false);
});
