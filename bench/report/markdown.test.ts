import { expect, test } from 'vitest';
import type { BackendReport, Benchmark, PolicyName, PolicyRun, Served } from './benchmark';
import { goalsTable } from './goals';
import { benchmarkMarkdown } from './markdown';

const SERVED: Served = {
  adapter: { kind: 'webgpu', name: 'SwiftShader (software)', software: true },
  threads: 1,
  note: null,
  contextLength: 128,
  model: {
    sha256: 'ab'.repeat(32),
    parameters: 1e6,
    weightBytes: 4e6,
    cacheBytesPerToken: 2048,
    nodes: 65,
    halfPrecision: false,
  },
  dispatches: 100,
};

const run = (policy: PolicyName, saturatedTps: number | null, p95Ms: number): PolicyRun => ({
  policy,
  requests: 64,
  ok: 64,
  rps: 1,
  tps: 25,
  saturatedTps,
  p95Ms,
  ttftP95Ms: p95Ms / 2,
  batchFill: 8,
  wasted: 0,
  verdict: null,
  computedTps: 40,
});

const REPORT: BackendReport = {
  backend: 'webgpu',
  served: { ok: SERVED },
  ceilings: {
    ok: {
      kind: 'webgpu',
      shaderCopy: 2e9,
      bufferCopy: 4e9,
      copyBytes: 64e6,
      flopF32: 1e9,
      flopF16: null,
      dispatchMs: 0.01,
      submitMs: 0.1,
      readBackMs: 0.2,
    },
  },
  steps: [
    {
      rows: 1,
      capture: true,
      lagged: true,
      times: { ok: { medianMs: 10, minMs: 9, steps: 5, liveTokens: 20 } },
    },
    { rows: 1, capture: true, lagged: false, times: { failed: 'The GPU device was lost.' } },
  ],
  fullCopy: null,
  policies: {
    ok: {
      outputTokens: '2:48',
      maxBatch: 16,
      concurrency: 48,
      saturated: [
        [run('sequential', 10, 900), run('static', 30, 400), run('continuous', 45, 300)],
        [run('sequential', 20, 900), run('static', 20, 400), run('continuous', 40, 300)],
        [run('sequential', 10, 900), run('static', 40, 400), run('continuous', 44, 300)],
      ],
      rate: 0.8,
      poisson: [[run('static', null, 500), run('continuous', null, 100)]],
    },
  },
  peers: null,
  chunks: null,
  seconds: 120,
};

const BENCHMARK: Benchmark = {
  model: 'mini-gpt',
  browser: 'Chromium 1',
  machine: { cpu: 'A CPU', cores: 2 },
  revision: 'abc',
  started_at: '2026-01-01T10:00:00Z',
  finished_at: '2026-01-01T10:05:00Z',
  arguments: ['--quick'],
  backends: [REPORT, { ...REPORT, backend: 'wasm', served: { failed: 'It would not open.' } }],
};

const markdown = benchmarkMarkdown(BENCHMARK);

test('it says what was run, where and on which adapter', () => {
  expect(markdown).toContain(
    '`npm run bench -- --quick`: mini-gpt, Chromium 1, A CPU with 2 cores, revision abc',
  );
  expect(markdown).toContain('### WebGPU, SwiftShader (software)');
  expect(markdown).toContain('65 nodes in the serving graph, 100 kernels dispatched a decode step');
});

test('a step stands beside the physical limit', () => {
  // Arithmetic 2 ms, kernels 1 ms, of 10 ms.
  expect(markdown).toContain('10.0 ms (9.00) · 100/s · 30.0 %');
  expect(markdown).toContain('3.00 ms, arithmetic');
});

test('what failed says why in its place', () => {
  expect(markdown).toContain('failed: The GPU device was lost.');
  expect(markdown).toContain('### wasm\n\nNot measured: It would not open.');
});

test('ratios are medians over repeats, and goals are those of the adapter', () => {
  const lines = goalsTable(REPORT).split('\n');
  const line = (says: string) => lines.find((candidate) => candidate.includes(says)) ?? '';
  // 1.5, 2 and 1.1.
  expect(line('over static, saturated')).toMatch(
    /1\.50 × +\| 1\.10 × … 2\.00 × +\| at least 1\.30 × +\| +yes \|/,
  );
  // 4.5, 2 and 4.4.
  expect(line('over sequential')).toMatch(/4\.40 × .*at least 3\.00 × +\| +yes \|/);
  expect(line('p95 latency')).toMatch(/0\.20 ×/);
});
