import type { PointFigures } from '../point-figures';

/** Of the rates that were measured under one setting. */
export interface RateBracket {
  /** The highest rate below which none fails; null where the lowest fails. */
  readonly passing: PointFigures | null;
  /** The lowest that fails; null where none does. */
  readonly failing: PointFigures | null;
}

export function bracketOf(figures: readonly PointFigures[]): RateBracket {
  const byRate = figures.toSorted((a, b) => a.point.load.rate - b.point.load.rate);
  const firstFailing = byRate.findIndex((each) => !passes(each));
  const passing = firstFailing < 0 ? byRate : byRate.slice(0, firstFailing);
  return { passing: passing.at(-1) ?? null, failing: byRate[firstFailing] ?? null };
}

/** All answered, with the medians of the repeats' p95 within the objectives that are set. */
function passes({ point: { slo }, summary, endedEarly }: PointFigures): boolean {
  const isWithin = (ms: number | undefined, limit: number | null) =>
    limit === null || (ms ?? Number.POSITIVE_INFINITY) <= limit;
  return (
    endedEarly === null &&
    summary.ok === summary.requests &&
    isWithin(summary.latency_ms?.p95, slo.p95Ms) &&
    isWithin(summary.ttft_ms?.p95, slo.ttftMs)
  );
}
