import { expect, test } from 'vitest';
import { stepLimit } from './physical-limit';

const MODEL = { parameters: 1e6, weightBytes: 4e6, cacheBytesPerToken: 1000 };
const CEILINGS = { bytesPerS: 4e9, flopPerS: 1e9, kernelMs: 0.01 };

test('few rows are bound by reading the weights and the live cache', () => {
  const limit = stepLimit(MODEL, { rows: 0.25, liveTokens: 4000, kernels: 20 }, CEILINGS);
  expect(limit.memoryMs).toBeCloseTo(1.25);
  expect(limit.arithmeticMs).toBeCloseTo(0.5);
  expect(limit.ms).toBeCloseTo(1.45);
});

test('many rows are bound by arithmetic; kernels come on top of either', () => {
  const limit = stepLimit(MODEL, { rows: 16, liveTokens: 10, kernels: 20 }, CEILINGS);
  expect(limit.arithmeticMs).toBeCloseTo(32);
  expect(limit.kernelsMs).toBeCloseTo(0.2);
  expect(limit.ms).toBeCloseTo(32.2);
});
