import { expect, test } from 'vitest';
import type { BenchSummary } from '../src/core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { summaryTable } from './summary-table';

const COUNTERS: BenchSummary['counters'] = {
  accepted: 19,
  outcomes: { completed: 19, rejected: 1, expired: 0, cancelled: 0, failed: 0 },
  batches: 6,
  closedEarly: 2,
  batched: 19,
  microBatches: 19,
  overtook: 0,
  dispatched: 6,
  staleDropped: 0,
  refilled: 0,
  prefills: 6,
  decodes: 90,
  prefillChunks: 0,
  tokens: 304,
  wastedFinished: 12,
  wastedGone: 0,
  deviceLosses: 0,
};

const SUMMARY: BenchSummary = {
  config: { ...DEFAULT_SERVING_CONFIG, ...DEFAULT_LOAD_CONFIG },
  seed: 1,
  repeats: 2,
  requests: 20,
  ok: 19,
  rejected: 1,
  expired: 0,
  cancelled: 0,
  failed: 0,
  throughput_rps: 12.34,
  throughput_tps: 197.4,
  input_tps: 100,
  total_tps: 297.4,
  goodput_rps: null,
  slo_attainment: null,
  latency_ms: { mean: 80, p50: 75.5, p95: 120, p99: 140 },
  latency_interval_ms: { p50: [70, 81.3], p95: [110, 131], p99: null },
  ttft_interval_ms: null,
  counters: COUNTERS,
  short_answers: null,
  shorter_by: null,
  ttft_ms: { mean: 10, p50: 9, p95: 12, p99: 14 },
  tpot_ms: null,
  itl_ms: null,
  queue_ms: { mean: 0, p50: 0, p95: 0, p99: 0 },
  mean_batch_fill: 3.5,
  wasted_token_share: 0,
  stale_dropped: null,
  send_lag_share: 0.01,
  send_lag_ms: 0.1,
  saturation: 'stable',
  littles_law_error: 0.02,
  p95_ms_by_repeat: [118, 122],
  adapter: { kind: 'webgpu', name: 'SwiftShader', software: true },
  model: { name: 'mini-gpt', sha256: 'ab'.repeat(32) },
  revision: 'abc',
  started_at: '2026-01-01T00:00:00Z',
  finished_at: '2026-01-01T00:01:00Z',
};

const line = (name: string) =>
  summaryTable(SUMMARY)
    .split('\n')
    .find((candidate) => candidate.startsWith(name));

test('every outcome stands beside the figures, and a software adapter is called one', () => {
  expect(summaryTable(SUMMARY)).toContain('mini-gpt on webgpu: SwiftShader (software)');
  expect(line('worst repeat')).toContain('19 ok, 1 rejected, 0 expired, 0 cancelled, 0 failed');
  expect(line('E2E latency, ms')).toMatch(/80\.0 +75\.5 +120\.0 +140\.0$/);
});

test('an interval stands beside the percentile that it is of', () => {
  expect(line('E2E p95 interval')).toMatch(/ 110\.0 to 131\.0$/);
  const small = { ...SUMMARY, latency_interval_ms: null };
  expect(summaryTable(small)).toMatch(/E2E p95 interval +–\n/);
});

test('what was not measured is a dash, what was 0 is 0', () => {
  expect(line('TPOT, ms')).toMatch(/– +– +– +–$/);
  expect(line('queue, ms')).toMatch(/0\.0 +0\.0 +0\.0 +0\.0$/);
  expect(line('goodput')).toContain('– requests/s');
  expect(line('wasted tokens')).toContain('0.0 %');
});

test('the figures have the names of the field, and the tokens both their directions', () => {
  const names = [
    'duration, s',
    'throughput',
    'input tokens',
    'output tokens',
    'total tokens',
    'TTFT, ms',
    'ITL, ms',
  ];
  for (const name of names) expect(line(name), name).toBeDefined();
  expect(line('duration, s')).toMatch(/1\.54 in each of 2 repeats$/);
  expect(line('total tokens')).toMatch(/297\.4 tokens\/s$/);
});

test('the parameters that differ from the defaults are said as options, and what was written', () => {
  expect(line('all parameters at their defaults')).toBeDefined();
  const changed = {
    ...SUMMARY,
    config: { ...SUMMARY.config, policy: 'static' as const, maxBatch: 4, seed: 7 },
  };
  const text = summaryTable(changed, ['out/summary.json', 'out/requests.csv']);
  expect(text).toContain('parameters off their defaults: --policy static --max-batch 4 --seed 7\n');
  expect(text).toContain('Written: out/summary.json, out/requests.csv\n');
});
