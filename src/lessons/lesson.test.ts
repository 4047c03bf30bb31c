import { describe, expect, test } from 'vitest';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { LiveMetrics } from '../metrics/live-metrics';
import type { Trial } from './lesson';
import { gather, NOTHING_YET, verdictOf } from './lesson';

const trial: Trial = {
  name: 'a',
  label: 'a trial',
  sets: () => ({ serving: {}, load: {} }),
  needs: { requests: 4, seconds: 2 },
};

/** A server that answers one request each `everyMs`, heard of four times a second from 0 until `untilMs`. */
function heard(everyMs: number, untilMs: number, since = 0) {
  const live = new LiveMetrics(0);
  live.loadStarted(0);
  live.fold({ type: 'configured', at: 0, config: DEFAULT_SERVING_CONFIG });
  let gathering = NOTHING_YET;
  let id = 0;
  let next = everyMs;
  for (let at = 250; at <= untilMs; at += 250) {
    for (; next <= at; next += everyMs) {
      id += 1;
      live.sent({ id, scheduled: next - 10, sent: next - 10, promptTokens: 3, sequences: 1 });
      live.fold({ type: 'enqueued', at: next - 10, id, queued: 1 });
      live.fold({ type: 'settled', at: next, id, settlement: { outcome: 'expired' } });
    }
    gathering = gather(gathering, live.snapshot(at), trial, since);
  }
  return gathering;
}

test('both the requests and the time are waited for', () => {
  expect(heard(100, 1750).kind).toBe('gathering');
  expect(heard(100, 2000)).toMatchObject({ kind: 'enough', reading: { rps: 0, lostShare: 1 } });
  expect(heard(600, 2250)).toMatchObject({ kind: 'gathering', requests: 3 });
  expect(heard(600, 2500).kind).toBe('enough');
});

test('a window that began before the trial says nothing about it', () => {
  expect(heard(100, 5000, 1)).toEqual(NOTHING_YET);
});

test('a machine that is too slow to say anything is told so after a minute', () => {
  expect(heard(4000, 59_750).kind).toBe('gathering');
  expect(heard(4000, 60_000)).toMatchObject({
    kind: 'too-slow',
    says: expect.stringMatching(/After 60 seconds of "a trial" \d requests .*too slow here/),
  });
});

describe('the verdict over the rounds of a question', () => {
  const round = (choice: string | null, figures: string) => ({ choice, figures, why: `Why ${choice}.` });

  test('is the choice that every round gives, with the figures of each', () => {
    expect(verdictOf([round('same', '10 and 11.'), round('same', '10 and 10.')])).toEqual({
      choice: 'same',
      says: 'Round 1: 10 and 11. Round 2: 10 and 10. Why same.',
    });
  });

  test('is none where the rounds disagree: a prediction is neither right nor wrong', () => {
    const { choice, says } = verdictOf([round('same', '10 and 11.'), round('more', '10 and 12.')]);
    expect(choice).toBeNull();
    expect(says).toMatch(/^Round 1: 10 and 11\. Round 2: 10 and 12\. The rounds give different answers/);
  });

  test('is none where no round can tell the choices apart, with the reason', () => {
    const { choice, says } = verdictOf([round(null, '8 and 8.'), round(null, '8 and 8.')]);
    expect([choice, says]).toEqual([null, 'Round 1: 8 and 8. Round 2: 8 and 8. Why null.']);
  });
});
