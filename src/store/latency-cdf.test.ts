import { expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { latencyCdf } from './latency-cdf';

it('climbs by equal steps from the least to the greatest latency', () => {
  expect(latencyCdf(snapshotAt(0, { latency_quantiles_ms: [10, 20, 40, 80] }))).toEqual({
    completed: 1,
    points: [
      { ms: 10, share: 0 },
      { ms: 10, share: 0.25 },
      { ms: 20, share: 0.5 },
      { ms: 40, share: 0.75 },
      { ms: 80, share: 1 },
    ],
  });
});

it('ends where the completed do: the lost are no latency, but they are there', () => {
  const cdf = latencyCdf(snapshotAt(0, { latency_quantiles_ms: [10, 20, 40], requests: 4, ok: 3 }));
  expect(cdf?.completed).toBe(0.75);
  expect(cdf?.points.at(-1)).toEqual({ ms: 40, share: 0.75 });
});

it('is none while nothing completed', () => {
  expect(latencyCdf(snapshotAt(0, { latency_quantiles_ms: [] }))).toBeNull();
});
