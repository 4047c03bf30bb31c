import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG as LOAD } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG as SERVING } from '../core/serving-config';
import { contradiction } from './contradictions';

test('what is allowed together has none', () => {
  expect(contradiction(SERVING, LOAD)).toBeNull();
  expect(contradiction({ ...SERVING, maxBatchTokens: 17 }, { ...LOAD, outputTokens: 16 })).toBeNull();
  expect(contradiction({ ...SERVING, policy: 'static', maxBatch: 1 }, { ...LOAD, sequences: 4 })).toBeNull();
});

test('a token budget below the smallest request is named with what it would have to be', () => {
  const small = { ...SERVING, maxBatchTokens: 16 };
  expect(contradiction(small, { ...LOAD, outputTokens: 16 })).toMatch(
    /--max-batch-tokens.*at least 17.*given: 16/,
  );
  expect(contradiction(small, { ...LOAD, outputTokens: '20:40' })).toMatch(/at least 21/);
  expect(contradiction(small, { ...LOAD, outputTokens: 4, sequences: 4 })).toMatch(/at least 20/);
  expect(contradiction({ ...SERVING, maxBatchTokens: 1 }, LOAD)).toMatch(/at least 2,/);
  expect(
    contradiction({ ...SERVING, maxBatchTokens: 1 }, { ...LOAD, outputTokens: 'lognormal:40:1' }),
  ).toMatch(/at least 2,/);
});

test('more sequences than slots', () => {
  expect(contradiction({ ...SERVING, maxBatch: 2 }, { ...LOAD, sequences: 3 })).toMatch(
    /--sequences.*at most maxBatch.*2.*given: 3/,
  );
});

test('a spike that comes again before it has ended', () => {
  const spike = { ...LOAD, arrival: 'spike', spikeDurationS: 5 } as const;
  expect(contradiction(SERVING, { ...spike, spikeEveryS: 5 })).toMatch(
    /--spike-every-s.*--spike-duration-s, 5.*given: 5/,
  );
  expect(contradiction(SERVING, { ...spike, spikeEveryS: 6 })).toBeNull();
  expect(contradiction(SERVING, { ...spike, spikeEveryS: 0 })).toBeNull();
  expect(contradiction(SERVING, { ...spike, arrival: 'ramp', spikeEveryS: 5 })).toBeNull();
});

test('a window of a trace that ends before it begins', () => {
  const trace = { ...LOAD, arrival: 'trace', traceFromS: 60 } as const;
  expect(contradiction(SERVING, { ...trace, traceToS: 60 })).toMatch(
    /--trace-to-s.*--trace-from-s, 60.*given: 60/,
  );
  expect(contradiction(SERVING, { ...trace, traceToS: 61 })).toBeNull();
  expect(contradiction(SERVING, { ...trace, traceToS: 0 })).toBeNull();
});
