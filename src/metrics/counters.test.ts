import { expect, test } from 'vitest';
import type { ServingEvent } from '../core/events';
import { EventCounter } from './counters';
import { LiveMetrics } from './live-metrics';
import { prometheusText } from './prometheus';

const places = { slots: [], members: [], wasted: [] };
const step = { type: 'step', startedAt: 0, at: 1, ...places, ids: [], tokens: [], sequences: [] } as const;
const sealed = { refill: false, closed: true, early: true } as const;
const refill = { refill: true, closed: true, early: false } as const;
const EVENTS: readonly ServingEvent[] = [
  { type: 'enqueued', at: 0, id: 1, queued: 1 },
  { type: 'enqueued', at: 0, id: 2, queued: 2 },
  { type: 'settled', at: 0, id: 3, settlement: { outcome: 'rejected', message: 'full' } },
  { type: 'batched', at: 0, batch: 1, ids: [1, 2], ...sealed, microBatches: 3, overtook: 1, queued: 1 },
  { type: 'dropped', at: 0, batch: 1, ids: [2] },
  { type: 'batched', at: 0, batch: 1, ids: [4], ...refill, microBatches: 1, overtook: 0, queued: 0 },
  { type: 'started', at: 0, batch: 1, ids: [1, 4], refilled: 1 },
  { ...step, phase: 'prefill', rows: 1, useful: 1, gone: 0, answers: false },
  { ...step, phase: 'prefill', rows: 1, useful: 1, gone: 0, answers: true, ids: [1], tokens: [7] },
  { ...step, phase: 'decode', rows: 8, useful: 3, gone: 1, answers: true, ids: [1, 4], tokens: [7, 8] },
  { type: 'status', at: 2, status: 'lost', reason: 'gone' },
];

test('every decision is counted once', () => {
  const counter = new EventCounter();
  for (const event of EVENTS) counter.fold(event);
  expect(counter.counts).toEqual({
    accepted: 2,
    outcomes: { completed: 0, rejected: 1, expired: 0, cancelled: 0, failed: 0 },
    batches: 1,
    closedEarly: 1,
    batched: 3,
    microBatches: 4,
    overtook: 1,
    dispatched: 1,
    staleDropped: 1,
    refilled: 1,
    prefills: 2,
    decodes: 1,
    prefillChunks: 1,
    tokens: 3,
    wastedFinished: 4,
    wastedGone: 1,
    deviceLosses: 1,
  });
});

test('Prometheus reads them: a help and a type line each, labels, one value a line', () => {
  const live = new LiveMetrics(0);
  for (const id of [1, 2]) live.sent({ id, scheduled: 0, sent: 0, promptTokens: 1, sequences: 1 });
  for (const event of EVENTS.slice(1)) live.fold(event);
  const text = prometheusText(live.snapshot(5));
  expect(text).toContain(
    '# TYPE headway_wasted_tokens_total counter\nheadway_wasted_tokens_total{cause="finished"} 4\n',
  );
  expect(text).toContain('headway_requests_total{outcome="rejected"} 1\n');
  expect(text).toContain('# TYPE headway_num_requests_waiting gauge\nheadway_num_requests_waiting 0\n');
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) headway_[a-z_]+ .+|headway_[a-z_]+(\{[a-z]+="[a-z]+"\})? \d+(\.\d+)?)$/,
    );
  }
});
