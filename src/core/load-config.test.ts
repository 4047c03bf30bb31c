import { describe, expect, test } from 'vitest';
import { ARRIVAL_USES, ARRIVALS, DEFAULT_LOAD_CONFIG, withImpliedArrival } from './load-config';

describe('a rate without an arrival process', () => {
  test('asks for Poisson arrivals where the load is a closed loop, and changes the rate of an open one', () => {
    expect(withImpliedArrival({ rate: 5 })).toEqual({ rate: 5, arrival: 'poisson' });
    expect(withImpliedArrival({ rate: 5 }, 'constant')).toEqual({ rate: 5 });
    expect(withImpliedArrival({ concurrency: 5 })).toEqual({ concurrency: 5 });
    expect(withImpliedArrival(DEFAULT_LOAD_CONFIG, 'trace')).toEqual(DEFAULT_LOAD_CONFIG);
  });

  test('is refused where it would have no effect', () => {
    expect(() => withImpliedArrival({ rate: 5, arrival: 'closed' })).toThrow(
      /rate \(--rate\) 5 .* closed: .*--concurrency/,
    );
    expect(() => withImpliedArrival({ rate: 5 }, 'trace')).toThrow(/--time-scale/);
    for (const arrival of ARRIVALS.filter((name) => ARRIVAL_USES[name].includes('rate'))) {
      expect(withImpliedArrival({ rate: 5, arrival }, 'closed')).toEqual({ rate: 5, arrival });
    }
  });
});
