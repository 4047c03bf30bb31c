import type { ExperimentRun, MeasuredUnit, PlannedPoint } from '../../core/experiment';
import type { Slo } from '../../core/figures';
import { formatMs } from '../../core/format';
import type { LoadConfig } from '../../core/load-config';
import type { ServingConfig } from '../../core/serving-config';
import { type Experiment, plannedPoint } from '../experiment';
import { figuresOf, type PointFigures } from '../figures';

/** `not clear`: some repeats hold the objectives and some do not. */
export type RateVerdict = 'holds' | 'not clear' | 'fails';

/** Of the rates that were measured under one setting. */
export interface RateBracket {
  /** The highest rate that most repeats hold and below which none fails; null where the lowest fails. The search goes by it. */
  readonly passing: PointFigures | null;
  /** The lowest that most repeats miss; null where there is none. */
  readonly failing: PointFigures | null;
  /** The highest that every repeat holds, below `failing`: what can be claimed. */
  readonly held: PointFigures | null;
  /** Those between `held` and `failing`, from the lowest: not clear. */
  readonly unclear: readonly PointFigures[];
}

export function bracketOf(figures: readonly PointFigures[]): RateBracket {
  const byRate = figures.toSorted((a, b) => a.point.load.rate - b.point.load.rate);
  const firstFailing = byRate.findIndex((each) => !mostHold(each));
  const below = firstFailing < 0 ? byRate : byRate.slice(0, firstFailing);
  const held = below.findLastIndex((each) => rateVerdict(each) === 'holds');
  return {
    passing: below.at(-1) ?? null,
    failing: byRate[firstFailing] ?? null,
    held: below[held] ?? null,
    unclear: below.slice(held + 1),
  };
}

function rateVerdict(figures: PointFigures): RateVerdict {
  const holding = heldRepeats(figures);
  if (holding === figures.units.length) return 'holds';
  return holding === 0 ? 'fails' : 'not clear';
}

const mostHold = (figures: PointFigures) => 2 * heldRepeats(figures) > figures.units.length;

const heldRepeats = ({ point: { slo }, units }: PointFigures) =>
  units.filter((unit) => holds(unit, slo)).length;

/** All answered, with p95 within the objectives that are set. */
function holds({ summary, ended_early }: MeasuredUnit, slo: Slo): boolean {
  const isWithin = (ms: number | undefined, limit: number | null | undefined) =>
    typeof limit !== 'number' || (ms ?? Number.POSITIVE_INFINITY) <= limit;
  return (
    ended_early === null &&
    summary.ok === summary.requests &&
    isWithin(summary.latency_ms?.p95, slo.p95Ms) &&
    isWithin(summary.ttft_ms?.p95, slo.ttftMs) &&
    isWithin(summary.tpot_ms?.p95, slo.tpotMs) &&
    isWithin(summary.itl_ms?.p99, slo.itlP99Ms)
  );
}

/** `p95 280, 310 and 295 ms`: what the repeats of a rate came to, in their order. */
export function repeatWords({ point: { slo }, units }: PointFigures): string {
  const name = slo.p95Ms === null ? 'TTFT p95' : 'p95';
  const each = units.map(({ summary, ended_early }) => {
    if (ended_early !== null) return 'ended early';
    const ms = formatMs((slo.p95Ms === null ? summary.ttft_ms : summary.latency_ms)?.p95);
    return summary.ok < summary.requests ? `${ms} with ${summary.ok} of ${summary.requests} answered` : ms;
  });
  const last = each.at(-1) ?? '–';
  return `${name} ${each.length > 1 ? `${each.slice(0, -1).join(', ')} and ${last}` : last} ms`;
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
  says: 'The rate is doubled until p95 exceeds 200 ms, then searched between the last rate that passes and the first that fails. Latency against rate is the hockey stick.',
  minutes: 3,
  typicalPoints: 9,
  seed: 1,
  // One stall of the machine fails one repeat; the search goes by most of three.
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
  const { passing, failing, held } = bracketOf(figuresOf(run));
  const limit = run.points[0]?.slo.p95Ms;
  const say = (figures: PointFigures) =>
    `${figures.point.load.rate} requests a second, ${repeatWords(figures)}`;
  return [
    held
      ? `The last rate at which every repeat keeps p95 within ${limit} ms: ${say(held)}.`
      : `No rate was found at which every repeat keeps p95 within ${limit} ms.`,
    ...(passing && passing !== held ? [`Not clear at ${say(passing)}.`] : []),
    failing ? `The first that does not: ${say(failing)}.` : 'No rate was found that does not.',
  ];
}
