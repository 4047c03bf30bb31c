import { describe, expect, it } from 'vitest';
import { labelledStops, positionOf } from './quantity-control';

describe('positionOf', () => {
  const stops = [1, 2, 4, 8];

  it('places a stop on its index', () => {
    expect(stops.map((stop) => positionOf(stops, stop))).toEqual([0, 1, 2, 3]);
  });

  it('places a value between two stops between them', () => {
    expect(positionOf(stops, 6)).toBe(2.5);
  });

  it('keeps values beyond the ends on the ends', () => {
    expect(positionOf(stops, 100)).toBe(3);
    expect(positionOf(stops, 0)).toBe(0);
  });

  it('puts a word first, and a number below the first number beside it', () => {
    expect(positionOf(['eos', 4, 8], 'eos')).toBe(0);
    expect(positionOf(['eos', 4, 8], 2)).toBe(1);
    expect(positionOf(['off', 50, 100], 75)).toBe(1.5);
    expect(positionOf(['eos', 4, 8], '4:8')).toBe(1.5);
    expect(positionOf(['eos', 4, 8], 'lognormal:6:0.8')).toBe(1.5);
  });
});

describe('labelledStops', () => {
  it('labels all of a few and always the last of many', () => {
    expect(labelledStops([1, 2, 3])).toEqual([true, true, true]);
    expect(labelledStops([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
