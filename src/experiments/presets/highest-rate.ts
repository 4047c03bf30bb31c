import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import type { Slo } from '../../core/figures';
import { formatCount, formatFigure, formatMs } from '../../core/format';
import type { LoadConfig } from '../../core/load-config';
import type { ServingConfig } from '../../core/serving-config';
import type { Experiment } from '../experiment';
import { plannedPoint, type SettingChanges } from '../experiment';
import { figuresOf, type PointFigures, pointFigures } from '../figures';
import { bracketOf, type RateBracket } from './rate-sweep';

/** What is tried: no batching, and small to large batches under either policy. */
const SETTINGS: readonly SettingChanges[] = [
  { policy: 'sequential' },
  ...[8, 32].map((maxBatch) => ({ policy: 'static' as const, maxBatch })),
  ...[4, 8, 16, 32].map((maxBatch) => ({ policy: 'continuous' as const, maxBatch })),
];

/** Always more than any of the settings serves at once. */
const CROWD = { arrival: 'closed', concurrency: 64, thinkTimeMs: 0 } as const;
const PROBE_S = 2;
/** Waiting for company and clients that go away are other questions. */
const PATIENT = { maxWaitMs: 0, abandonShare: 0 } as const;

/** Passing and failing rates so close are told apart no further, and a setting counts as better by so much only: less is a machine's unrest. */
const CLOSE = 1.1;
/** Of the capacity: where the search begins, and where it gives up. */
const [FIRST, LEAST] = [0.8, 0.05];

/** What is measured under: the visitor's own, or the defaults. */
export interface RateQuestion {
  readonly serving: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
  /** One of the two at least is set. */
  readonly slo: Slo;
}

/**
 * First what each setting serves under a crowd: no rate above that can be kept up. Then, from the most capable setting on,
 * the rate is searched; each further setting is asked only whether it holds a higher one than the best so far.
 */
export const highestRateFor = ({ serving, load, slo }: RateQuestion): Experiment => ({
  name: 'highest-rate',
  title: `The highest rate with ${objectiveWords(slo)}`,
  says: `How many requests a second this machine can take with ${objectiveWords(slo)}, and with which policy and batch. Seven settings are tried; the answer is a sentence.`,
  minutes: 4,
  seed: load.seed ?? 1,
  // One stall of the machine would fail a rate; of three repeats the median does not hear of it.
  repeats: 3,
  axes: ['rate', 'policy', 'maxBatch'],
  points: SETTINGS.map((setting) => {
    const point = plannedPoint(
      { base: { outputTokens: 16, ...serving, ...load, ...PATIENT, ...CROWD }, slo, durationS: PROBE_S },
      setting,
    );
    return { ...point, id: `capacity-${point.id}`, label: `capacity of ${point.label}`, probe: true };
  }),
  next: (run) => {
    const candidates = candidatesOf(run);
    const best = bestOf(candidates);
    for (const candidate of candidates) {
      const rate = nextRate(candidate, candidate === best ? null : best);
      if (rate !== null) return [at(rate, candidate.probe)];
    }
    return [];
  },
  findings,
  answer: (run) =>
    run.status.kind === 'finished' ? (bestOf(candidatesOf(run))?.bracket.passing?.point ?? null) : null,
});

export const highestRate = highestRateFor({ serving: {}, load: {}, slo: { p95Ms: 300, ttftMs: null } });

/** One setting with what is known of it. */
interface Candidate {
  readonly probe: PlannedPoint;
  /** Requests a second under a crowd. */
  readonly capacity: number;
  readonly bracket: RateBracket;
}

/** The most capable first; those that could not be measured are left out. */
function candidatesOf(run: ExperimentRun): readonly Candidate[] {
  const figures = figuresOf(run);
  return run.points
    .filter(({ probe }) => probe)
    .flatMap((probe) => {
      const capacity = pointFigures(run, probe)?.summary.throughput_rps ?? 0;
      const own = figures.filter(({ point }) => nameOf(point) === nameOf(probe));
      return capacity > 0 ? [{ probe, capacity, bracket: bracketOf(own) }] : [];
    })
    .toSorted((a, b) => b.capacity - a.capacity);
}

/** Of those that hold some rate; null while none does. */
function bestOf(candidates: readonly Candidate[]): Candidate | null {
  const held = candidates.filter(({ bracket }) => bracket.passing);
  return held.toSorted((a, b) => rateOf(b.bracket.passing) - rateOf(a.bracket.passing))[0] ?? null;
}

const rateOf = (figures: PointFigures | null) => figures?.point.load.rate ?? 0;

/** What another setting must hold to be better. */
const floorOver = (best: Candidate | null) => (best ? tidy(CLOSE * rateOf(best.bracket.passing)) : 0);

/** Null where the search is over. @param rival the best of the other settings; what does not beat it is of no interest */
function nextRate({ capacity, bracket: { passing, failing } }: Candidate, rival: Candidate | null) {
  const floor = floorOver(rival);
  const [low, high] = [rateOf(passing), failing === null ? null : rateOf(failing)];
  const rate = wantedRate(low, high, capacity);
  if (rate === null || capacity < floor || (high !== null && high <= floor)) return null;
  return tidy(Math.max(rate, low > 0 ? 0 : floor));
}

/** @returns null where passing and failing are close enough, or nothing higher can be kept up */
function wantedRate(low: number, high: number | null, capacity: number): number | null {
  if (high === null)
    return low >= tidy(capacity) ? null : low === 0 ? FIRST * capacity : Math.min(1.1 * low, capacity);
  if (low === 0) return high <= LEAST * capacity ? null : high / 2;
  return high / low <= CLOSE ? null : Math.sqrt(low * high);
}

const tidy = (rate: number) => Math.max(0.01, Number(rate.toPrecision(3)));

function at(rate: number, { serving, load, slo, requests }: PlannedPoint): PlannedPoint {
  const { policy, maxBatch } = serving;
  const durationS = requests === null ? durationFor(slo) : null;
  return plannedPoint(
    { base: { ...serving, ...load, arrival: 'poisson' }, slo, requests, durationS },
    { policy, ...(policy === 'sequential' ? {} : { maxBatch }), rate },
  );
}

/**
 * Seconds. A rate 5 % over what can be kept up adds 50 ms of wait a second: it must go on until that shows against the
 * objective.
 */
const durationFor = ({ p95Ms, ttftMs }: Slo) =>
  Math.min(60, Math.max(5, Math.round(Math.min(p95Ms ?? ttftMs ?? 0, ttftMs ?? p95Ms ?? 0) / 50)));

const nameOf = ({ serving: { policy, maxBatch } }: PlannedPoint) =>
  policy === 'sequential'
    ? policy
    : `${policy}, max batch ${maxBatch}${policy === 'static' ? ', max wait 0 ms' : ''}`;

function objectiveWords({ p95Ms, ttftMs }: Slo): string {
  const words = [
    p95Ms === null ? '' : `p95 within ${formatCount(p95Ms)} ms`,
    ttftMs === null ? '' : `the first token’s p95 within ${formatCount(ttftMs)} ms`,
  ];
  return words.filter(Boolean).join(' and ');
}

const requestsASecond = (figures: PointFigures) => `${formatCount(rateOf(figures))} requests a second`;

function findings(run: ExperimentRun): readonly string[] {
  const candidates = candidatesOf(run);
  const [probe] = run.points;
  if (!probe || candidates.length === 0) return [];
  const goal = objectiveWords(probe.slo);
  const best = bestOf(candidates);
  const passing = best?.bracket.passing;
  const isOver = run.status.kind === 'finished';
  if (!best || !passing) {
    return isOver
      ? [`No rate was found with ${goal}.`]
      : [`No rate was found yet with ${goal}.`, ...candidates.map(crowdWords)];
  }
  const { adapter } = run.environment;
  return [
    `${isOver ? 'The highest rate' : 'So far, the highest rate'} with ${goal} on ${adapter.name}: ${requestsASecond(passing)}, with ${nameOf(passing.point)}. ` +
      `There ${tailWords(passing)}${extentWords(passing)}${doubtWords(passing)}; ${limitWords(best, isOver)}`,
    ...candidates.filter((candidate) => candidate !== best).map((other) => otherWords(other, best, isOver)),
    `All of it under Poisson arrivals and answers of ${lengthWords(probe.load)}. What was not tried, other batches and waits, is not said to be worse.`,
  ];
}

function tailWords({ point: { slo }, summary, p95, units }: PointFigures): string {
  const range = p95 && units.length > 1 ? ` (${formatMs(p95.min)} to ${formatMs(p95.max)})` : '';
  const first = slo.ttftMs === null ? '' : `, of the first token ${formatMs(summary.ttft_ms?.p95)} ms`;
  return `p95 was ${formatMs(summary.latency_ms?.p95)} ms${range}${first}`;
}

const extentWords = ({ units, point: { durationS, requests } }: PointFigures) =>
  `, in ${units.length === 1 ? 'one measurement' : `${units.length} measurements`} of ${durationS === null ? `${requests} requests` : `${durationS} s`}`;

/** The median may pass where a repeat does not. */
function doubtWords({ p95, point: { slo } }: PointFigures): string {
  return p95 && slo.p95Ms !== null && p95.max > slo.p95Ms
    ? ', whose median counts: not every one was within, so allow for less where it must always hold'
    : '';
}

const crowdWords = ({ probe, capacity }: Candidate) =>
  `${nameOf(probe)}: it serves ${formatFigure(capacity)} a second under a crowd.`;

function whyFailed(figures: PointFigures): string {
  const { endedEarly, summary } = figures;
  if (endedEarly !== null) return 'requests piled up without end';
  return summary.ok < summary.requests
    ? `${summary.ok} of ${summary.requests} were answered`
    : tailWords(figures);
}

function limitWords({ capacity, bracket: { failing } }: Candidate, isOver: boolean): string {
  if (failing) return `at ${requestsASecond(failing)} it failed, since ${whyFailed(failing)}.`;
  if (!isOver) return 'higher ones are still to be tried.';
  return `no higher one was tried, since ${formatFigure(capacity)} a second is what it serves under a crowd.`;
}

function otherWords({ probe, capacity, bracket }: Candidate, best: Candidate, isOver: boolean): string {
  const name = nameOf(probe);
  const { passing, failing } = bracket;
  if (failing && rateOf(failing) <= floorOver(best)) {
    const held = passing ? `, and held ${formatCount(rateOf(passing))}` : '';
    return `${name}: it failed at ${requestsASecond(failing)} (${whyFailed(failing)})${held}.`;
  }
  if (capacity < floorOver(best)) {
    return `${name}: it serves ${formatFigure(capacity)} a second under a crowd, so it cannot hold 10 % more.`;
  }
  if (passing) return `${name}: it held ${requestsASecond(passing)}, less than 10 % apart from the best.`;
  return isOver ? `${name}: not measured to the end.` : `${name}: still to be tried.`;
}

function lengthWords({ outputTokens }: LoadConfig): string {
  return outputTokens === 'eos' ? 'the length that the model gives them' : `${outputTokens} tokens`;
}
