import { expect, test } from 'vitest';
import { planPeers, planPolicies } from './plan';

const WASM = { oneRowMs: 0.7, sixteenRowsMs: 3.5 };
const SOFTWARE = { oneRowMs: 70, sixteenRowsMs: 300 };

test('a fast backend repeats three times with as many requests as a tail needs, and its tails more often', () => {
  expect(planPolicies(200_000, WASM)).toEqual({
    repeats: 3,
    poissonRepeats: 3,
    requests: 600,
    sequentialRequests: 600,
    poissonRequests: 600,
  });
  expect(planPolicies(700_000, WASM)).toMatchObject({ repeats: 3, poissonRepeats: 9, poissonRequests: 600 });
  expect(planPeers(60_000, WASM)).toEqual({ rounds: 3, requests: 192, single: 48 });
});

test('a slow one measures what there is time for, never nothing', () => {
  const plan = planPolicies(400_000, SOFTWARE);
  expect(plan.repeats).toBe(1);
  expect(plan.requests).toBeGreaterThan(48);
  expect(plan.sequentialRequests).toBe(Math.floor(plan.requests / 4));
  expect(planPolicies(1000, SOFTWARE)).toEqual({
    repeats: 1,
    requests: 48,
    sequentialRequests: 16,
    poissonRepeats: 1,
    poissonRequests: 0,
  });
  expect(planPeers(200_000, SOFTWARE)).toMatchObject({ rounds: 1 });
});

test('no call grows with the budget beyond what is waited for', () => {
  expect(planPeers(2_400_000, SOFTWARE)).toEqual({ rounds: 3, requests: 64, single: 16 });
});

test('padded batches are whole', () => {
  for (const budget of [1e3, 1e4, 1e5, 1e6]) expect(planPeers(budget, SOFTWARE).requests % 16).toBe(0);
});
