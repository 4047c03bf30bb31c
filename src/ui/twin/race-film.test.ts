import { expect, test } from 'vitest';
import type { RaceLane } from '../../core/twin-control';
import { scoreAt } from './race-film';

const lane: RaceLane = {
  policy: 'static',
  slots: 2,
  steps: [
    { from: 0, to: 4, slots: [0, 1], rows: ['prefill', 'prefill'] },
    { from: 4, to: 8, slots: [0, 1], rows: ['decode', 'decode'] },
    { from: 8, to: 12, slots: [0, 1], rows: ['wasted', 'decode'] },
  ],
  requests: [
    { sent: 0, started: 0, finished: 8, latencyMs: 8 },
    { sent: 0, started: 0, finished: 12, latencyMs: 12 },
    { sent: 5, started: null, finished: null, latencyMs: null },
  ],
  lasted: 12,
  extrapolated: [],
};

test('a score counts what has happened by then, and nothing of what comes', () => {
  expect(scoreAt(lane, 0)).toMatchObject({ sent: 2, queued: 0, finished: 0, p95Ms: null, wastedShare: null });
  expect(scoreAt(lane, 8)).toMatchObject({
    sent: 3,
    queued: 1,
    finished: 1,
    p95Ms: 8,
    wastedShare: 0,
    isOver: false,
  });
  expect(scoreAt(lane, 12)).toEqual({
    sent: 3,
    queued: 1,
    finished: 2,
    p95Ms: 12,
    wastedShare: 0.25,
    isOver: true,
  });
});
