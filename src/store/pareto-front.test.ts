import fc from 'fast-check';
import { expect, it } from 'vitest';
import { snapshotAt } from './example-snapshot';
import { type OperatingPoint, operatingPoint } from './operating-point';
import { paretoFront } from './pareto-front';

const example = operatingPoint(snapshotAt(0)) as OperatingPoint;
const point = (
  throughputRps: number,
  p95Ms: number,
  changes: Partial<OperatingPoint> = {},
): OperatingPoint => ({
  ...example,
  throughputRps,
  p95Ms,
  ...changes,
});

it('is what no other point beats in both, in the order of throughput', () => {
  const [slow, best, fast, worse] = [point(10, 20), point(40, 30), point(60, 90), point(39, 31)];
  expect(paretoFront([fast, worse, slow, best])).toEqual([slow, best, fast]);
  expect(paretoFront([point(40, 30), point(40, 25)])).toEqual([point(40, 25)]);
  expect(paretoFront([point(40, 30), point(45, 30)])).toEqual([point(45, 30)]);
  expect(paretoFront([best, best])).toEqual([best, best]);
  expect(paretoFront([])).toEqual([]);
});

it('leaves out points that lost requests, are overloaded or have not settled: they beat nobody', () => {
  const honest = point(40, 30);
  const flattered = [{ lostShare: 0.1 }, { saturation: 'overloaded' as const }, { settled: false }];
  for (const changes of flattered) expect(paretoFront([honest, point(80, 10, changes)])).toEqual([honest]);
});

it('holds for any points: who is on it is beaten by none, who is not by one who is', () => {
  const any = fc.array(
    fc.record({ x: fc.integer({ min: 1, max: 30 }), y: fc.integer({ min: 1, max: 30 }) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(any, (pairs) => {
      const points = pairs.map(({ x, y }) => point(x, y));
      const front = paretoFront(points);
      const atLeast = (a: OperatingPoint, b: OperatingPoint) =>
        a.throughputRps >= b.throughputRps && a.p95Ms <= b.p95Ms;
      for (const other of points) expect(front.some((best) => atLeast(best, other))).toBe(true);
      for (const [i, best] of front.entries()) {
        const before = front[i - 1];
        if (before) expect(best.p95Ms).toBeGreaterThanOrEqual(before.p95Ms);
      }
    }),
  );
});
