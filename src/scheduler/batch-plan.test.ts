import { describe, expect, it } from 'vitest';
import { request } from '../../testing/scheduler/world';
import type { ServingRequest } from '../core/request';
import { microBatches } from '../core/request';
import { type BatchLimits, planBatch } from './batch-plan';
import type { QueuedRequest } from './queue';

const NO_LIMITS: BatchLimits = {
  members: 64,
  sequences: Number.POSITIVE_INFINITY,
  maxBatchTokens: 0,
  maxMicroBatches: 0,
  microBatches: (asked) => microBatches(asked, 0),
};

const queued = (asked: ServingRequest): QueuedRequest => ({ request: asked, enqueuedAt: 0, order: asked.id });

/** A line of requests of so many sequences each. */
const ofSequences = (...numbers: readonly number[]) =>
  numbers.map((sequences, id) => queued(request(id, 3, { sequences })));

/** A line of requests of so many tokens each, prompt and allowance together. */
const ofTokens = (...numbers: readonly number[]) =>
  numbers.map((tokens, id) => queued(request(id, 3, { promptTokens: 3, maxNewTokens: tokens - 3 })));

/** [requests that leave, whether the batch is closed] */
const plan = (line: readonly QueuedRequest[], limits: Partial<BatchLimits>) => {
  const { members, closed } = planBatch(line, { ...NO_LIMITS, ...limits });
  expect(members).toEqual(line.slice(0, members.length));
  return [members.length, closed];
};

describe('the micro-batch limit', () => {
  const limit = (size: number, maxMicroBatches: number) => ({
    maxMicroBatches,
    microBatches: (asked: ServingRequest) => microBatches(asked, size),
  });

  it('size 4, cap 10, sequences [16, 20, 8]: 2 requests, since 2 more micro-batches would make 11', () => {
    expect(plan(ofSequences(16, 20, 8), limit(4, 10))).toEqual([2, true]);
  });

  it('size 0, cap 3, sequences [100, 200, 50, 75]: 3 requests, each a micro-batch', () => {
    expect(plan(ofSequences(100, 200, 50, 75), limit(0, 3))).toEqual([3, true]);
  });

  it('size 4, cap 0, ten of 50: all 10', () => {
    expect(plan(ofSequences(...new Array<number>(10).fill(50)), limit(4, 0))).toEqual([10, false]);
  });

  it('size 4, cap 10, one of 100: taken whole', () => {
    expect(plan(ofSequences(100), limit(4, 10))).toEqual([1, false]);
    expect(plan(ofSequences(100, 1), limit(4, 10))).toEqual([1, true]);
  });

  it('can be reached exactly', () => {
    expect(plan(ofSequences(16, 20, 4, 1), limit(4, 10))).toEqual([3, true]);
  });
});

describe('the token budget', () => {
  it('counts the longest member times the members', () => {
    expect(plan(ofTokens(10, 10, 10, 10), { maxBatchTokens: 40 })).toEqual([4, false]);
    expect(plan(ofTokens(10, 10, 10, 10), { maxBatchTokens: 39 })).toEqual([3, true]);
    expect(plan(ofTokens(10, 10, 20, 10), { maxBatchTokens: 59 })).toEqual([2, true]);
    expect(plan(ofTokens(10, 10, 20, 10), { maxBatchTokens: 60 })).toEqual([3, true]);
  });

  it('counts every sequence as a member', () => {
    const line = [1, 2].map((sequences, id) => queued(request(id, 3, { sequences, maxNewTokens: 7 })));
    expect(plan(line, { maxBatchTokens: 30 })).toEqual([2, false]);
    expect(plan(line, { maxBatchTokens: 29 })).toEqual([1, true]);
  });

  it('never keeps a request from a batch alone', () => {
    expect(plan(ofTokens(50, 10), { maxBatchTokens: 20 })).toEqual([1, true]);
  });
});

describe('a batch', () => {
  it('is closed when it is full, also if no other request waits', () => {
    expect(plan(ofTokens(10, 10), { members: 2 })).toEqual([2, true]);
    expect(plan(ofTokens(10, 10), { members: 3 })).toEqual([2, false]);
  });

  it('never lets a short request overtake one that does not fit', () => {
    expect(plan(ofTokens(10, 90, 10), { maxBatchTokens: 40 })).toEqual([1, true]);
    expect(plan(ofSequences(2, 4, 1), { sequences: 4 })).toEqual([1, true]);
  });

  it('counts the members that it already has', () => {
    const [first, ...line] = ofTokens(20, 10, 10);
    const begun = first ? [first] : [];
    const limits = { ...NO_LIMITS, maxBatchTokens: 40 };
    expect(planBatch(line, limits, begun)).toEqual({
      members: line.slice(0, 1),
      closed: true,
      microBatches: 1,
    });
  });
});
