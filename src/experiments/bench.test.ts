import { expect, test } from 'vitest';
import type { BenchOptions, BenchProgress, MeasuredRun } from '../core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import type { RequestRecord } from '../core/request-record';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { RunRecorder } from '../metrics/run-recorder';
import { manifestOf, requestsCsv } from './files';
import { type BenchHandles, runBench } from './runner';

const options: BenchOptions = {
  serving: { ...DEFAULT_SERVING_CONFIG, policy: 'static', maxBatch: 4 },
  load: { ...DEFAULT_LOAD_CONFIG, seed: 5 },
  slo: { p95Ms: 300, ttftMs: null },
  requests: 10,
  durationS: null,
  repeats: 3,
};

const trace = {
  name: 'a.csv',
  sha256: 'cd',
  format: 'Vidur',
  requests: 10,
  durationS: 1,
  failed: 0,
  unsorted: 0,
};

/** A page whose n-th run answers every request in n × 100 ms, and rejects its last. */
function handles() {
  const runs: MeasuredRun[] = [];
  const given: BenchHandles = {
    configure: async (config) => config,
    measure: async (run, onProgress) => {
      runs.push(run);
      const latency = runs.length * 100;
      const recorder = new RunRecorder();
      for (let id = 1; id <= 10; id++) {
        const sent = 1000 + id;
        recorder.sent({ id, scheduled: sent, sent, promptTokens: 4, sequences: 1 });
        const settlement =
          id === 10
            ? ({ outcome: 'rejected', message: 'full' } as const)
            : ({ outcome: 'completed', finishReason: 'stop' } as const);
        recorder.fold({ type: 'settled', at: id === 10 ? sent : sent + latency, id, settlement });
      }
      onProgress(10, 10);
      const { batchFill, counters } = recorder;
      const summary = recorder.summary(run.slo, null);
      const endedEarly = runs.length === 2 ? 'The trace ended.' : null;
      return { summary, records: recorder.records(), batchFill, counters, clipped: 1, trace, endedEarly };
    },
    environment: {
      adapter: { kind: 'simulated', name: 'Simulation', software: false },
      model: { name: 'mini-gpt', sha256: 'abc' },
      revision: 'r1',
      browser: 'Node',
      libraries: {},
      arguments: [],
    },
    now: () => '2026-01-02T03:04:05.000Z',
  };
  return { given, runs };
}

test('figures are medians of the repeats, counts are the worst one, each is warmed up and has its own seed', async () => {
  const { given, runs } = handles();
  const progress: BenchProgress[] = [];
  const { summary, records, clipped, warmupRequests } = await runBench(options, given, (p) =>
    progress.push(p),
  );
  expect(summary).toMatchObject({
    config: { policy: 'static', maxBatch: 4, arrival: 'closed', seed: 5 },
    seed: 5,
    repeats: 3,
    requests: 10,
    ok: 9,
    rejected: 1,
    latency_ms: { mean: expect.closeTo(200, 6), p50: expect.closeTo(200, 6), p95: expect.closeTo(200, 6) },
    latency_interval_ms: {
      p50: [0, expect.closeTo(200 + (4.303 * 100) / Math.sqrt(3), 6)],
      p95: null,
      p99: null,
    },
    ttft_ms: null,
    ttft_interval_ms: null,
    counters: { outcomes: { completed: 9, rejected: 1 } },
    slo_attainment: 0.9,
    stale_dropped: 0,
    adapter: { kind: 'simulated' },
    model: { name: 'mini-gpt', sha256: 'abc' },
    revision: 'r1',
  });
  expect(summary.p95_ms_by_repeat.map((ms) => Math.round(ms ?? 0))).toEqual([100, 200, 300]);
  expect(records.map((repeat) => repeat.length)).toEqual([10, 10, 10]);
  expect(runs.map((run) => [run.load.seed, run.warmupRequests])).toEqual([
    [5, 8],
    [6, 8],
    [7, 8],
  ]);
  expect([clipped, warmupRequests]).toEqual([3, 8]);
  expect(progress.filter((p) => p.done === 10).map((p) => p.repeat)).toEqual([1, 2, 3]);
});

test('an even number of repeats: the mean of the two in the middle', async () => {
  const { summary } = await runBench({ ...options, repeats: 2 }, handles().given);
  expect(summary.latency_ms?.p95).toBeCloseTo(150, 6);
});

test('bad options are named with what is allowed, before anything is configured', async () => {
  const bad: [Partial<BenchOptions>, RegExp][] = [
    [{ requests: 0 }, /^requests \(--requests\) must be a whole number from 1 .*; given: 0\.$/],
    [{ requests: 1.5 }, /requests/],
    [{ requests: null }, /exactly one of the two; given: neither/],
    [{ durationS: 3 }, /exactly one of the two; given: both, 10 and 3/],
    [{ requests: null, durationS: 0 }, /durationS \(--duration-s\)/],
    [{ requests: null, durationS: Number.NaN }, /durationS/],
    [{ repeats: 0 }, /repeats \(--repeats\) must be a whole number from 1 to 100/],
    [{ repeats: 101 }, /repeats/],
    [{ slo: { p95Ms: -1, ttftMs: null } }, /^p95Ms \(--slo-p95-ms\)/],
    [{ slo: { p95Ms: null, ttftMs: 0 } }, /^ttftMs \(--slo-ttft-ms\)/],
    [{ serving: { ...options.serving, maxBatch: 0 } }, /maxBatch \(--max-batch\)/],
    [{ load: { ...options.load, rate: -1 } }, /rate \(--rate\)/],
  ];
  for (const [changes, sentence] of bad) {
    const { given, runs } = handles();
    await expect(runBench({ ...options, ...changes }, given)).rejects.toMatchObject({
      code: 'invalid-parameter',
      message: expect.stringMatching(sentence),
    });
    expect(runs).toEqual([]);
  }
});

test('requests.csv: a line per request, times from the run’s start, empty where null', async () => {
  const result = await runBench({ ...options, repeats: 1 }, handles().given);
  const full: RequestRecord = {
    id: 1,
    scheduled: 1000,
    sent: 1000.5,
    enqueued: 1001.0004,
    batched: 1002,
    started: 1002,
    firstToken: 1010.25,
    lastToken: 1090.25,
    finished: 1100,
    batchSize: 4,
    promptTokens: 12,
    sequences: 1,
    tpot: 10,
    outputTokens: 9,
    outcome: 'completed',
    finishReason: 'stop',
  };
  const rejected: RequestRecord = {
    ...full,
    id: 2,
    scheduled: 1003,
    sent: 1003,
    enqueued: null,
    batched: null,
    started: null,
    firstToken: null,
    lastToken: null,
    finished: 1003.1,
    batchSize: null,
    outputTokens: 0,
    tpot: null,
    outcome: 'rejected',
    finishReason: null,
  };
  expect(requestsCsv({ ...result, records: [[full, rejected], [full]] })).toBe(
    `policy,max_batch,max_wait_ms,repeat,id,scheduled_ms,sent_ms,enqueued_ms,batched_ms,started_ms,first_token_ms,last_token_ms,finished_ms,batch_size,prompt_tokens,output_tokens,sequences,tpot_ms,outcome
static,4,20,1,1,0.000,0.500,1.000,2.000,2.000,10.250,90.250,100.000,4,12,9,1,10.000,completed
static,4,20,1,2,3.000,3.000,,,,,,3.100,,12,0,1,,rejected
static,4,20,2,1,0.000,0.500,1.000,2.000,2.000,10.250,90.250,100.000,4,12,9,1,10.000,completed
`,
  );
});

test('manifest.json holds what is needed to run it again', async () => {
  const result = await runBench(options, handles().given);
  const facts = {
    browser: 'Chromium 140',
    libraries: { comlink: '4.4.2' },
    arguments: ['bench', '--seed', '5'],
  };
  expect(manifestOf(result, facts)).toMatchObject({
    ...facts,
    config: result.summary.config,
    requests: 10,
    duration_s: null,
    repeats: 3,
    seed: 5,
    revision: 'r1',
    warmup_requests: 8,
    clipped: 3,
    trace: { name: 'a.csv', sha256: 'cd' },
    ended_early: 'The trace ended.',
    started_at: '2026-01-02T03:04:05.000Z',
  });
});
