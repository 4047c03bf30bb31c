import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServingEvent } from '../core/events';
import { withFirstNames } from '../core/figures';
import type { Settlement } from '../core/request';
import type { RequestRecord, SentRequest } from '../core/request-record';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { Ledger, type Settled } from './ledger';
import { LiveMetrics } from './live-metrics';
import { RunRecorder } from './run-recorder';
import { saturationOf } from './saturation';
import { isSloSet, meetsSlo } from './timings';

/** One request's life; times in ms. */
interface Life {
  readonly id: number;
  readonly scheduled?: number;
  readonly sent: number;
  readonly enqueued?: number;
  readonly started?: number;
  readonly tokens?: readonly number[];
  readonly finished: number;
  readonly settlement?: Settlement;
}

interface Fold {
  sent(request: SentRequest): void;
  fold(event: ServingEvent): void;
}

const DONE: Settlement = { outcome: 'completed', finishReason: 'stop' };
const FULL: Settlement = { outcome: 'rejected', message: 'The queue is full.' };
/** A batch sealed without a wait for company. */
const ALONE = { refill: false, closed: true, early: false, microBatches: 1, overtook: 0 } as const;
const NO_SLO = { p95Ms: null, ttftMs: null };

/** Plays lives in the order of time; each is a batch of its own, each decode step has 4 rows of which 3 are useful. */
function play(fold: Fold, lives: readonly Life[]): void {
  const moments = lives.flatMap((life) => momentsOf(fold, life)).toSorted((a, b) => a.at - b.at);
  for (const moment of moments) moment.happen();
}

function momentsOf(fold: Fold, life: Life) {
  const { id, sent, scheduled = sent, enqueued, started, tokens = [], finished, settlement = DONE } = life;
  const moments = [
    { at: sent, happen: () => fold.sent({ id, scheduled, sent, promptTokens: 5, sequences: 1 }) },
  ];
  const say = (event: ServingEvent) => moments.push({ at: event.at, happen: () => fold.fold(event) });
  if (enqueued !== undefined) say({ type: 'enqueued', at: enqueued, id, queued: 1 });
  if (started !== undefined) {
    say({ type: 'batched', at: started, batch: id, ids: [id], ...ALONE, queued: 0 });
    say({ type: 'started', at: started, batch: id, ids: [id], refilled: 0 });
  }
  for (const at of tokens) {
    say({
      type: 'step',
      phase: 'decode',
      startedAt: at - 1,
      at,
      rows: 4,
      useful: 3,
      gone: 0,
      slots: [0, 1, 2, 3],
      members: [id, id, id, id],
      wasted: [3],
      answers: true,
      ids: [id],
      tokens: [9],
      sequences: [0],
    });
  }
  say({ type: 'settled', at: finished, id, settlement });
  return moments;
}

/** `n` requests at an even pace, one after another or overlapping. */
const evenly = (n: number, everyMs: number, latencyMs: number, life: Partial<Life> = {}): Life[] =>
  Array.from({ length: n }, (_, i) => ({
    id: i + 1,
    sent: i * everyMs,
    finished: i * everyMs + latencyMs,
    ...life,
  }));

const record = (lives: readonly Life[]) => {
  const run = new RunRecorder();
  play(run, lives);
  return run;
};

test('a ledger writes down one life and forgets it', () => {
  const ledger = new Ledger();
  const settled: Settled[] = [];
  const fold = {
    sent: (request: SentRequest) => ledger.sent(request),
    fold: (event: ServingEvent) => {
      const done = ledger.fold(event);
      if (done) settled.push(done);
    },
  };
  play(fold, [{ id: 7, scheduled: 1, sent: 2, enqueued: 3, started: 5, tokens: [10, 12, 20], finished: 22 }]);
  expect(settled.map(({ record }) => record)).toEqual([
    {
      id: 7,
      scheduled: 1,
      sent: 2,
      enqueued: 3,
      batched: 5,
      started: 5,
      firstToken: 10,
      lastToken: 20,
      finished: 22,
      batchSize: 1,
      promptTokens: 5,
      sequences: 1,
      outputTokens: 3,
      tpot: 5,
      itlP99: 8,
      outcome: 'completed',
      finishReason: 'stop',
    },
  ]);
  expect(settled.map(({ tokens }) => tokens)).toEqual([[[10, 12, 20]]]);
  expect([ledger.inFlight, ledger.queued, ledger.running]).toEqual([0, 0, 0]);
  // Unknown and settled ids change nothing.
  expect(ledger.fold({ type: 'settled', at: 21, id: 7, settlement: DONE })).toBeNull();
  ledger.fold({ type: 'enqueued', at: 21, id: 8, queued: 1 });
  expect([ledger.inFlight, ledger.queued]).toEqual([0, 0]);
});

test('the queue depth counts who is queued, however they leave', () => {
  const ledger = new Ledger();
  for (const id of [1, 2, 3]) {
    ledger.sent({ id, scheduled: 0, sent: 0, promptTokens: 1, sequences: 1 });
    ledger.fold({ type: 'enqueued', at: 1, id, queued: id });
  }
  expect(ledger.queued).toBe(3);
  ledger.fold({ type: 'batched', at: 2, batch: 1, ids: [1], ...ALONE, queued: 2 });
  ledger.fold({ type: 'settled', at: 2, id: 2, settlement: { outcome: 'cancelled' } });
  expect(ledger.queued).toBe(1);
});

test('who joins a running batch counts with those it joins', () => {
  const run = new RunRecorder();
  for (const id of [1, 2, 3]) run.sent({ id, scheduled: 0, sent: 0, promptTokens: 1, sequences: 1 });
  run.fold({ type: 'started', at: 1, batch: 1, ids: [1, 2], refilled: 0 });
  run.fold({ type: 'settled', at: 2, id: 1, settlement: DONE });
  run.fold({ type: 'started', at: 3, batch: 2, ids: [3], refilled: 0 });
  for (const id of [2, 3]) run.fold({ type: 'settled', at: 4, id, settlement: DONE });
  expect(run.records().map((r) => r.batchSize)).toEqual([2, 2, 2]);
  expect(run.batchFill).toEqual([0, 0, 2]);
});

test('a run by hand', () => {
  const run = record([
    { id: 11, scheduled: 0, sent: 10, enqueued: 10, started: 20, tokens: [30, 40, 60], finished: 60 },
    { id: 12, scheduled: 100, sent: 100, enqueued: 100, started: 160, tokens: [190], finished: 200 },
    { id: 13, scheduled: 110, sent: 112, finished: 112, settlement: FULL },
  ]);
  const slo = { p95Ms: 90, ttftMs: null };
  expect(run.summary(slo, 10)).toMatchObject({
    requests: 3,
    ok: 2,
    rejected: 1,
    failed: 0,
    // From 0 to 200 ms.
    throughput_rps: 10,
    throughput_tps: 20,
    input_tps: 50,
    total_tps: 70,
    goodput_rps: 5,
    slo_attainment: 1 / 3,
    latency_ms: { mean: 80, p50: 60, p95: 100, p99: 100 },
    latency_interval_ms: { p50: null, p95: null, p99: null },
    ttft_ms: { mean: 60, p50: 30 },
    tpot_ms: { mean: 15, p95: 15 },
    itl_ms: { mean: 15, p50: 10, p99: 20 },
    queue_ms: { mean: 35, p99: 60 },
    mean_batch_fill: 1,
    wasted_token_share: 0.25,
    stale_dropped: 0,
    send_lag_ms: 2,
    saturation: null,
    littles_law_error: null,
  });
  // In a closed loop rates are over the time from the first sending, 190 ms; latencies begin at `scheduled` there, too.
  expect(run.summary(slo, null)).toMatchObject({
    throughput_rps: 2 / 0.19,
    latency_ms: { p50: 60 },
    ttft_ms: { p50: 30 },
  });
  expect(run.records().map((r) => [r.id, r.outcome])).toEqual([
    [1, 'completed'],
    [2, 'completed'],
    [3, 'rejected'],
  ]);
});

describe('tokens', () => {
  const step = (at: number, ids: number[], sequences: number[]): ServingEvent => ({
    type: 'step',
    phase: 'decode',
    startedAt: at - 1,
    at,
    rows: ids.length,
    useful: ids.length,
    gone: 0,
    slots: ids.map((_, slot) => slot),
    members: ids,
    wasted: [],
    answers: true,
    ids,
    tokens: ids.map(() => 9),
    sequences,
  });
  const sent = (run: Fold, id: number, sequences = 1) =>
    run.sent({ id, scheduled: 0, sent: 0, promptTokens: 1, sequences });

  test('the pass that yields the end token is in no TPOT', () => {
    const run = new RunRecorder();
    sent(run, 1);
    for (const at of [100, 110]) run.fold(step(at, [1], [0]));
    // The end token: a row without a token.
    run.fold(step(120, [], []));
    run.fold({ type: 'settled', at: 120, id: 1, settlement: DONE });
    expect(run.records()[0]).toMatchObject({
      firstToken: 100,
      lastToken: 110,
      finished: 120,
      outputTokens: 2,
    });
    expect(run.summary(NO_SLO, null)).toMatchObject({ tpot_ms: { mean: 10 }, itl_ms: { mean: 10 } });
  });

  test('of several sequences of unequal length TPOT is their mean, and ITL is over the gaps of all', () => {
    const run = new RunRecorder();
    sent(run, 1, 3);
    run.fold(step(100, [1, 1, 1], [0, 1, 2]));
    run.fold(step(110, [1, 1], [0, 1]));
    run.fold(step(140, [1], [1]));
    run.fold({ type: 'settled', at: 150, id: 1, settlement: DONE });
    // Of the first 10 ms, of the second 40 / 2, and the third has one token.
    expect(run.summary(NO_SLO, null)).toMatchObject({
      tpot_ms: { mean: 15 },
      itl_ms: { mean: 50 / 3, p50: 10 },
    });
  });

  test('tokens of requests that were not completed are in no ITL and no token rate, live or measured', () => {
    const [run, live] = [new RunRecorder(), new LiveMetrics(0)];
    for (const fold of [run, live]) {
      for (const id of [1, 2]) sent(fold, id);
      for (const [at, ids] of [
        [100, [1, 2]],
        [150, [1]],
        [900, [2]],
      ] as const) {
        fold.fold(
          step(
            at,
            [...ids],
            ids.map(() => 0),
          ),
        );
      }
      fold.fold({ type: 'settled', at: 500, id: 1, settlement: DONE });
      fold.fold({ type: 'settled', at: 1000, id: 2, settlement: { outcome: 'expired' } });
    }
    expect(run.summary(NO_SLO, null)).toMatchObject({ itl_ms: { p99: 50 }, throughput_tps: 2 });
    expect(live.snapshot(1000).throughput_tps).toBe(2);
  });

  test('TPOT weighted by gaps is the mean ITL, whatever the lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 9 }), { minLength: 1 }),
        (all) => {
          const run = new RunRecorder();
          all.forEach((gaps, id) => {
            sent(run, id);
            let at = 10;
            run.fold(step(at, [id], [0]));
            for (const gap of gaps) {
              at += gap;
              run.fold(step(at, [id], [0]));
            }
            run.fold({ type: 'settled', at: at + 7, id, settlement: DONE });
          });
          const { itl_ms } = run.summary(NO_SLO, null);
          const records = run.records();
          const gaps = records.reduce((sum, { outputTokens }) => sum + outputTokens - 1, 0);
          const time = records.reduce(
            (sum, { tpot, outputTokens }) => sum + (tpot ?? 0) * (outputTokens - 1),
            0,
          );
          expect(itl_ms?.mean ?? 0).toBeCloseTo(gaps > 0 ? time / gaps : 0, 6);
        },
      ),
    );
  });
});

test('a few requests at an even pace have the rate that was offered, not one gap less', () => {
  for (const [n, latency] of [
    [2, 1],
    [5, 20],
    [5, 150],
  ] as const) {
    const { throughput_rps } = record(evenly(n, 100, latency)).summary(NO_SLO, 100);
    expect(throughput_rps).toBeLessThanOrEqual(10 + 1e-9);
    expect(throughput_rps).toBeCloseTo((n * 1000) / Math.max(n * 100, (n - 1) * 100 + latency), 9);
  }
});

test('a run counts what the server decided from its first request on', () => {
  const run = new RunRecorder();
  run.fold({ type: 'enqueued', at: 0, id: 1, queued: 1 });
  run.sent({ id: 2, scheduled: 1, sent: 1, promptTokens: 5, sequences: 1 });
  for (const id of [2, 3]) run.fold({ type: 'enqueued', at: 1, id, queued: id });
  run.fold({ type: 'batched', at: 2, batch: 1, ids: [2, 3], ...ALONE, queued: 0 });
  run.fold({ type: 'settled', at: 3, id: 2, settlement: DONE });
  expect(run.counters).toMatchObject({ accepted: 2, batches: 1, batched: 2, outcomes: { completed: 1 } });
});

test('what was not measured is null, never 0', () => {
  const { summary } = {
    summary: record([{ id: 1, sent: 0, finished: 0, settlement: FULL }]).summary(NO_SLO, null),
  };
  const { requests, ok, rejected, expired, cancelled, failed, stale_dropped, send_lag_ms, ...rest } = summary;
  const counts = [requests, ok, rejected, expired, cancelled, failed, stale_dropped, send_lag_ms];
  expect(counts).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
  expect(Object.values(rest).every((figure) => figure === null)).toBe(true);
});

test('a steady run obeys Little’s law and is stable, a growing one does neither', () => {
  const steady = record(evenly(400, 10, 80)).summary(NO_SLO, 10);
  expect(steady.saturation).toBe('stable');
  expect(steady.littles_law_error).toBeLessThan(0.01);

  // Offered 100 a second, answered 50 a second: the n-th waits n × 10 ms longer.
  const growing = evenly(400, 10, 0).map((life, i) => ({ ...life, finished: life.sent + 20 + i * 10 }));
  const overloaded = record(growing).summary(NO_SLO, 10);
  expect(overloaded.saturation).toBe('overloaded');
  expect(overloaded.littles_law_error).toBeGreaterThan(0.2);
});

test('a run that turns a tenth away is overloaded', () => {
  const lives = evenly(400, 10, 80).map((life, i) =>
    i % 5 ? life : { ...life, finished: life.sent, settlement: FULL },
  );
  expect(record(lives).summary(NO_SLO, null).saturation).toBe('overloaded');
});

test('verdicts at their thresholds', () => {
  const halves = {
    offered: 100,
    shed: 0,
    inFlightEarlier: 10,
    inFlightLater: 10,
    latencyEarlier: 100,
    latencyLater: 100,
  };
  expect(saturationOf(halves)).toBe('stable');
  expect(saturationOf({ ...halves, latencyLater: 149 })).toBe('stable');
  expect(saturationOf({ ...halves, latencyLater: 150 })).toBe('backlogged');
  const light = { ...halves, inFlightEarlier: 0.02, inFlightLater: 0.04 };
  expect(saturationOf({ ...light, latencyLater: 200 })).toBe('stable');
  expect(saturationOf({ ...halves, inFlightLater: 15 })).toBe('stable');
  expect(saturationOf({ ...halves, inFlightLater: 16 })).toBe('backlogged');
  expect(saturationOf({ ...halves, inFlightLater: 16, latencyLater: 106 })).toBe('overloaded');
  expect(saturationOf({ ...halves, shed: 11 })).toBe('overloaded');
  expect(saturationOf({ ...halves, shed: 4 })).toBe('stable');
  expect(saturationOf({ ...halves, offered: 0 })).toBeNull();
});

test('a live window of steady load', () => {
  const live = new LiveMetrics(0);
  live.setSlo({ p95Ms: 100, ttftMs: null }, 0);
  live.loadStarted(0);
  play(
    live,
    evenly(3000, 10, 80).map((life) => ({
      ...life,
      enqueued: life.sent,
      started: life.sent + 20,
      tokens: [life.sent + 40, life.sent + 80],
    })),
  );
  const snapshot = live.snapshot(30_079);
  expect(snapshot.windowMs).toBe(9079);
  expect(snapshot.throughput_rps).toBeCloseTo(100, 0);
  expect(snapshot.throughput_tps).toBeCloseTo(200, -1);
  expect(snapshot.goodput_rps).toBe(snapshot.throughput_rps);
  expect(snapshot.slo_attainment).toBe(1);
  expect(snapshot.latency_ms).toMatchObject({
    mean: 80,
    p50: expect.closeTo(80, 0),
    p99: expect.closeTo(80, 0),
  });
  expect(snapshot.ttft_ms?.p50).toBeCloseTo(40, 0);
  expect(snapshot.tpot_ms?.p50).toBeCloseTo(40, 0);
  expect(snapshot.queue_ms?.p50).toBeCloseTo(20, 0);
  expect(snapshot.totals).toMatchObject({ sent: 3000, completed: 3000 });
  expect(snapshot.wasted_token_share).toBeCloseTo(0.25);
  expect(snapshot.saturation).toBe('stable');
  expect(snapshot.littles_law_error).toBeLessThan(0.01);
  expect(snapshot.inFlight).toBe(0);
  expect(snapshot.send_lag_ms).toBe(0);
});

test('a program still finds the first version’s names beside the vocabulary', () => {
  const live = new LiveMetrics(0);
  play(live, evenly(100, 10, 80));
  const snapshot = live.snapshot(1500);
  expect(withFirstNames(snapshot)).toMatchObject({
    throughputRps: snapshot.throughput_rps,
    latency: snapshot.latency_ms,
    latencyP95Interval: snapshot.latency_interval_ms?.p95,
    outcomes: { completed: 100, rejected: 0 },
    latency_ms: snapshot.latency_ms,
  });
});

test('a live window sees a server that falls behind', () => {
  const live = new LiveMetrics(0);
  live.loadStarted(0);
  const growing = evenly(1000, 10, 0).map((life, i) => ({ ...life, finished: life.sent + 20 + i * 10 }));
  play(
    live,
    growing.filter((life) => life.finished < 9900),
  );
  for (const { id, sent } of growing.filter((life) => life.finished >= 9900)) {
    live.sent({ id, scheduled: sent, sent, promptTokens: 1, sequences: 1 });
  }
  const snapshot = live.snapshot(9990);
  expect(snapshot.saturation).toBe('overloaded');
  expect(snapshot.inFlight).toBe(506);
  expect(snapshot.littles_law_error).toBeGreaterThan(0.2);
});

test('a change of setting starts a new window, into which the old setting’s times do not smear', () => {
  const live = new LiveMetrics(0);
  live.loadStarted(0);
  live.sent({ id: 1, scheduled: 100, sent: 100, promptTokens: 1, sequences: 1 });
  live.sent({ id: 2, scheduled: 1600, sent: 1600, promptTokens: 1, sequences: 1 });
  live.fold({ type: 'configured', at: 1500, config: DEFAULT_SERVING_CONFIG });
  live.sent({ id: 3, scheduled: 1700, sent: 1700, promptTokens: 1, sequences: 1 });
  live.fold({ type: 'settled', at: 2000, id: 1, settlement: DONE });
  live.fold({ type: 'settled', at: 2200, id: 3, settlement: DONE });
  const snapshot = live.snapshot(2500);
  expect(snapshot.windowMs).toBe(1000);
  expect(snapshot.throughput_rps).toBe(2);
  expect(snapshot.latency_ms).toMatchObject({ count: 1, mean: 500 });
  expect(snapshot.totals).toMatchObject({ sent: 3, completed: 2 });
});

test('a change of SLO counts goodput anew and leaves the rest', () => {
  const live = new LiveMetrics(0);
  live.setSlo({ p95Ms: 50, ttftMs: null }, 0);
  const lives = evenly(900, 10, 80);
  play(
    live,
    lives.filter((life) => life.sent < 5000),
  );
  expect(live.snapshot(5080)).toMatchObject({ goodput_rps: 0, slo_attainment: 0 });
  live.setSlo({ p95Ms: 100, ttftMs: null }, 5080);
  expect(live.snapshot(5080)).toMatchObject({ goodput_rps: null, slo_attainment: null });
  play(
    live,
    lives.filter((life) => life.sent >= 5000),
  );
  const snapshot = live.snapshot(9080);
  expect(snapshot.goodput_rps).toBeCloseTo(100, 0);
  expect(snapshot.slo_attainment).toBe(1);
  expect(snapshot.throughput_rps).toBeCloseTo(100, -1);
});

test('without a request in flight nothing is measured; with one in flight, no answer is a rate of 0', () => {
  const live = new LiveMetrics(0);
  const idle = live.snapshot(5000);
  expect([
    idle.throughput_rps,
    idle.latency_ms,
    idle.saturation,
    idle.littles_law_error,
    idle.mean_batch_fill,
  ]).toEqual(Array(5).fill(null));
  live.sent({ id: 1, scheduled: 5000, sent: 5000, promptTokens: 1, sequences: 1 });
  expect(live.snapshot(8000).throughput_rps).toBe(0);
  // The one old request is all that the window knows, also when it was sent before the window.
  expect(live.snapshot(60_000)).toMatchObject({
    inFlight: 1,
    throughput_rps: 0,
    windowMs: 9000,
    send_lag_ms: null,
  });
});

test('objectives on TPOT and on the gaps of a request count goodput; an answer of one token misses neither', () => {
  const record = (tpot: number | null, itlP99: number | null) =>
    ({ outcome: 'completed', scheduled: 0, finished: 100, firstToken: 10, tpot, itlP99 }) as RequestRecord;
  const slo = { p95Ms: null, ttftMs: null, tpotMs: 20, itlP99Ms: 50 };
  expect(isSloSet(slo)).toBe(true);
  expect(isSloSet({ ...slo, tpotMs: null, itlP99Ms: null })).toBe(false);
  expect(meetsSlo(record(20, 50), slo)).toBe(true);
  expect(meetsSlo(record(21, 50), slo)).toBe(false);
  expect(meetsSlo(record(20, 51), slo)).toBe(false);
  expect(meetsSlo(record(null, null), slo)).toBe(true);
});
