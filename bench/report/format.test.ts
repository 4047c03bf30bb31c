import { expect, test } from 'vitest';
import { figure, percent, scaled, table, times } from './format';

test.each([
  [0.012345, '0.0123'],
  [0.5, '0.500'],
  [12.34, '12.3'],
  [999.6, '1,000'],
  [1234567, '1,234,567'],
  [0, '0.00'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d is written %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('units', () => {
  expect(scaled(12.34e9, 'B/s')).toBe('12.3 GB/s');
  expect(scaled(4.8e12, 'B/s')).toBe('4.80 TB/s');
  expect(scaled(12, 'B')).toBe('12.0 B');
  expect(percent(0.123)).toBe('12.3 %');
  expect(times(1.6)).toBe('1.60 ×');
});

test('a table lines up', () => {
  const lines = table(
    ['rows', 'ms'],
    [
      ['1', '0.7'],
      ['64', '12.5'],
    ],
  ).split('\n');
  expect(lines).toEqual(['| rows |   ms |', '| ---- | ---: |', '| 1    |  0.7 |', '| 64   | 12.5 |']);
});
