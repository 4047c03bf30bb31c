import { expect, test } from 'vitest';
import { sendLagWarning } from './send-lag';

test('a median over 10 ms is warned of, one up to it or none is not', () => {
  expect(sendLagWarning(10.1)).toContain('over 10 ms');
  expect(sendLagWarning(10)).toBeNull();
  expect(sendLagWarning(0)).toBeNull();
  expect(sendLagWarning(null)).toBeNull();
});

test('a generator that is late with less than half of its requests is warned of by the share of latency', () => {
  expect(sendLagWarning(0, 0.34)).toContain('34 % of all latency passed before the requests were sent');
  expect(sendLagWarning(0, 0.1)).toBeNull();
});
