import { expect, test } from 'vitest';
import type { RequestRecord } from '../../src/core/request-record';
import { saturatedThroughput } from './saturated-throughput';

const record = (
  sent: number,
  started: number,
  firstToken: number,
  finished: number,
  outputTokens: number,
): RequestRecord => ({
  id: 1,
  scheduled: sent,
  sent,
  enqueued: sent,
  batched: started,
  started,
  firstToken,
  lastToken: finished,
  finished,
  batchSize: 1,
  promptTokens: 4,
  sequences: 1,
  tpot: null,
  outputTokens,
  outcome: 'completed',
  finishReason: 'length',
});

test('what is written after the last start does not count', () => {
  const batches = [record(0, 0, 100, 1000, 10), record(0, 0, 100, 500, 5), record(0, 1000, 1100, 2000, 10)];
  expect(saturatedThroughput(batches, 3)).toBeCloseTo(15);
});

test('nor does a first batch that left before all had joined', () => {
  const early = record(0, 20, 100, 1000, 1);
  const full = [record(50, 1000, 1100, 2000, 10), record(90, 1000, 1100, 2000, 10)];
  const last = record(1000, 2000, 2100, 3000, 10);
  expect(saturatedThroughput([early, ...full, last], 3)).toBeCloseTo(20);
});

test('a request that is under way at the last start counts by what it had written', () => {
  const joined = [record(0, 0, 100, 1100, 11), record(0, 600, 700, 1700, 11)];
  expect(saturatedThroughput(joined, 2)).toBeCloseTo(6 / 0.6);
});

test('requests that all start at once never queued', () => {
  expect(saturatedThroughput([record(0, 0, 1, 2, 2), record(0, 0, 1, 2, 2)], 2)).toBeNull();
});
