import { describe, expect, it } from 'vitest';
import { logTicks, niceCeil, ticksTo } from './axis';

describe('niceCeil', () => {
  it('rounds up to a readable number', () => {
    expect([0.3, 7, 11, 24, 99, 101, 1000].map(niceCeil)).toEqual([0.3, 8, 15, 25, 100, 150, 1000]);
  });

  it('gives an empty axis a length', () => {
    expect(niceCeil(0)).toBe(1);
    expect(niceCeil(Number.NaN)).toBe(1);
  });
});

describe('ticksTo', () => {
  it('starts at 0 and stays within the axis', () => {
    for (const max of [1, 1.5, 8, 25, 60, 1000, 0.3]) {
      const ticks = ticksTo(max);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThanOrEqual(4);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)).toBeLessThanOrEqual(max);
    }
  });
});

describe('logTicks', () => {
  it('thins out over many decades', () => {
    expect(logTicks(1, 10_000)).toEqual([1, 10, 100, 1000, 10_000]);
    expect(logTicks(10, 100)).toEqual([10, 20, 50, 100]);
  });
});
