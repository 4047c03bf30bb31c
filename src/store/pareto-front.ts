import { keepsUp, type OperatingPoint } from './operating-point';

/**
 * The points that no other beats, by throughput: none has as many requests a second at as low a p95, and one of them
 * better. A point where requests were lost or the queue grew without end is not on it and beats nobody: its p95 is that of
 * the lucky, or of a moment.
 */
export function paretoFront(points: readonly OperatingPoint[]): readonly OperatingPoint[] {
  const good = points.filter((point) => point.settled && keepsUp(point));
  return good
    .filter((point) => !good.some((other) => beats(other, point)))
    .toSorted((a, b) => a.throughputRps - b.throughputRps);
}

const beats = (a: OperatingPoint, b: OperatingPoint): boolean =>
  a.throughputRps >= b.throughputRps &&
  a.p95Ms <= b.p95Ms &&
  (a.throughputRps > b.throughputRps || a.p95Ms < b.p95Ms);
