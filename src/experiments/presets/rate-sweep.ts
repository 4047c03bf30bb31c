import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import type { LoadConfig } from '../../core/load-config';
import type { ServingConfig } from '../../core/serving-config';
import { type Experiment, plannedPoint } from '../experiment';
import { figuresOf, type PointFigures } from '../figures';

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

const FIRST_RATE = 20;
/** The bracket is halved until passing and failing are so close. */
const CLOSE = 1.05;
const [LOWEST, HIGHEST] = [0.1, 5000];

/** What all rates are measured under: the first point's, which may have been asked for otherwise. */
type CommonRate = Pick<PlannedPoint, 'slo' | 'requests' | 'durationS'> & {
  readonly serving: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
};

const COMMON: CommonRate = {
  serving: { policy: 'continuous', maxBatch: 8 },
  load: { arrival: 'poisson', outputTokens: 16 },
  slo: { p95Ms: 200, ttftMs: null },
  requests: null,
  durationS: 5,
};

const at = (rate: number, { serving, load, slo, requests, durationS }: CommonRate) =>
  plannedPoint(
    { base: { ...serving, ...load }, slo, requests, durationS },
    { rate: Number(rate.toPrecision(4)) },
  );

/** Doubles the rate until an objective is missed, and halves it until it is met; then halves the ratio between the two. */
export const rateSweep: Experiment = {
  name: 'rate-sweep',
  title: 'How much it can take: rate until the knee',
  says: 'Requests come at a rate that is doubled until p95 misses 200 ms, then searched between the last rate that passes and the first that fails. Latency over rate is the hockey stick.',
  minutes: 3,
  seed: 1,
  // One stall of the machine would fail a rate; of three repeats the median does not hear of it.
  repeats: 3,
  axes: ['rate'],
  points: [at(FIRST_RATE, COMMON)],
  next: (run) => {
    const [first] = run.points;
    const rate = nextRate(bracketOf(figuresOf(run)));
    return first && rate !== null ? [at(rate, first)] : [];
  },
  findings,
};

/** Null where the search is over. */
function nextRate({ passing, failing }: RateBracket): number | null {
  const [low, high] = [passing?.point.load.rate, failing?.point.load.rate];
  if (low === undefined) return high === undefined || high / 2 < LOWEST ? null : high / 2;
  if (high === undefined) return low * 2 > HIGHEST ? null : low * 2;
  return high / low <= CLOSE ? null : Math.sqrt(low * high);
}

function findings(run: ExperimentRun): readonly string[] {
  const { passing, failing } = bracketOf(figuresOf(run));
  const limit = run.points[0]?.slo.p95Ms;
  const say = ({ point, summary, endedEarly }: PointFigures) =>
    `${point.load.rate} requests a second, p95 ${summary.latency_ms?.p95.toFixed(0) ?? '–'} ms, ${summary.ok} of ${summary.requests} completed${endedEarly ? ', ended early' : ''}`;
  return [
    passing
      ? `The last rate that keeps p95 within ${limit} ms: ${say(passing)}.`
      : `No rate was found that keeps p95 within ${limit} ms.`,
    failing ? `The first that does not: ${say(failing)}.` : 'No rate was found that does not.',
  ];
}
