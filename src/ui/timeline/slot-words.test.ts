import { expect, test } from 'vitest';
import { sayReport, saySpan } from './slot-words';

test('a span says whose it is, what it is, how long and where', () => {
  const span = { slot: 2, kind: 'decode', request: 1234, from: 1000, to: 1042.4 } as const;
  expect(saySpan(span)).toBe('Request 1,234: decode 42 ms, slot 3');
  expect(saySpan({ ...span, kind: 'wasted' })).toBe('Request 1,234: wasted 42 ms after it had ended, slot 3');
});

test('the picture is one sentence, and says where nothing is known', () => {
  const shares = { prefill: 0.1, decode: 0.5, wasted: 0.25, free: 0.15 };
  const report = { slots: 8, shares, queued: 12, sealed: 8, isCut: false };
  expect(sayReport(report, 5000)).toBe(
    '8 slots over the last 5 seconds: prefill 10 %, decode 75 % (wasted 33 % of it), free 15 % of their time. ' +
      'Waiting now: 12 in the queue, 8 in sealed batches.',
  );
  expect(sayReport({ ...report, slots: 1, shares: null }, 2000)).toBe(
    '1 slot over the last 2 seconds: nothing known yet.',
  );
});
