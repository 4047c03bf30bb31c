import { expect, test } from 'vitest';
import type { LiveSnapshot } from '../../core/figures';
import { MAIN_FIGURES } from './figures';

test('the details of the output tokens say input and total tokens per second, where they were measured', () => {
  const tokens = MAIN_FIGURES.find(({ label }) => label === 'Output');
  const rates = (input_tps: number | null, total_tps: number | null) =>
    tokens?.more?.({ input_tps, total_tps } as LiveSnapshot);
  expect(rates(50, 70)).toBe('Input 50.0 tok/s, total 70.0 tok/s.');
  expect(rates(null, null)).toBeNull();
});
