import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import type { Slo } from '../../core/figures';
import { formatCount, formatFigure } from '../../core/format';
import type { LoadConfig } from '../../core/load-config';
import type { ServingConfig } from '../../core/serving-config';
import type { Experiment } from '../experiment';
import { plannedPoint, type SettingChanges } from '../experiment';
import { figuresOf, type PointFigures, pointFigures } from '../figures';
import { bracketOf, type RateBracket, repeatWords } from './rate-sweep';

/** The settings that are tried: no batching, and small to large batches under either policy. */
const SETTINGS: readonly SettingChanges[] = [
  { policy: 'sequential' },
  ...[8, 32].map((maxBatch) => ({ policy: 'static' as const, maxBatch })),
  ...[4, 8, 16, 32].map((maxBatch) => ({ policy: 'continuous' as const, maxBatch })),
];

/** More clients than any of the settings serves at once. */
const CROWD = { arrival: 'closed', concurrency: 64, thinkTimeMs: 0 } as const;
const PROBE_S = 2;
/** Waiting to fill batches and clients that abandon are other questions. */
const PATIENT = { maxWaitMs: 0, abandonShare: 0 } as const;

/** The search stops at rates so close to each other, and a setting must be better by so much: smaller differences are noise. */
const CLOSE = 1.1;
/** Of the capacity estimate: where the search begins, and where it gives up. The estimate is noisy and excludes nothing else. */
const [FIRST, LEAST] = [0.8, 0.05];
/** From one passing rate to the next while none fails. */
const UP = 1.25;
/** How far below a rate that is not clear one that every repeat holds is looked for. */
const LOWEST_CLAIM = 0.7;
/** Points that the search usually takes: seven capacities, five rates of the best setting, one or two of the others. */
const TYPICAL_POINTS = 20;

/** The settings and objectives to measure under; what is left out has its default. */
export interface RateQuestion {
  readonly serving: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
  /** At least one of the two is set. */
  readonly slo: Slo;
}

/**
 * First what each setting serves under a crowd, which says where to begin. Then, from the most capable setting on, the rate
 * is searched; each further setting is asked whether it holds a higher one than the best so far. The search goes by what
 * most repeats say; the answer is a rate that every repeat held.
 */
export const highestRateFor = ({ serving, load, slo }: RateQuestion): Experiment => ({
  name: 'highest-rate',
  title: `The highest rate with ${objectiveWords(slo)}`,
  says: `The highest rate that this machine serves with ${objectiveWords(slo)}, and the policy and batch that reach it. Seven settings are tried; the answer is one sentence.`,
  minutes: 6,
  typicalPoints: TYPICAL_POINTS,
  seed: load.seed ?? 1,
  // One stall of the machine fails one repeat; the search goes by most of three.
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
    run.status.kind === 'finished' ? (claimOf(candidatesOf(run))?.bracket.held?.point ?? null) : null,
});

export const highestRate = highestRateFor({ serving: {}, load: {}, slo: { p95Ms: 300, ttftMs: null } });

/** One setting with what is known of it. */
interface Candidate {
  readonly probe: PlannedPoint;
  /** Requests a second under a crowd. */
  readonly capacity: number;
  readonly bracket: RateBracket;
}

/** By capacity, highest first; a setting whose capacity could not be measured is left out. */
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

/** By what most repeats say: where the search goes on. Null while none holds a rate. */
const bestOf = (candidates: readonly Candidate[]) => highestBy(candidates, ({ bracket }) => bracket.passing);

/** By what every repeat says: what can be claimed. */
const claimOf = (candidates: readonly Candidate[]) => highestBy(candidates, ({ bracket }) => bracket.held);

function highestBy(
  candidates: readonly Candidate[],
  figuresOf: (candidate: Candidate) => PointFigures | null,
): Candidate | null {
  const rate = (candidate: Candidate) => rateOf(figuresOf(candidate));
  return candidates.filter((each) => rate(each) > 0).toSorted((a, b) => rate(b) - rate(a))[0] ?? null;
}

const rateOf = (figures: PointFigures | null) => figures?.point.load.rate ?? 0;

/** What another setting must hold to be better. */
const floorOver = (best: Candidate | null) => (best ? tidy(CLOSE * rateOf(best.bracket.passing)) : 0);

/** Null where the search is over. @param rival the best of the other settings: only what beats it is looked for */
function nextRate({ capacity, bracket }: Candidate, rival: Candidate | null): number | null {
  const floor = floorOver(rival);
  const [low, high] = [rateOf(bracket.passing), bracket.failing && rateOf(bracket.failing)];
  if (high !== null && high <= floor) return null;
  const rate = wantedRate(low, high, capacity);
  if (rate !== null) return tidy(Math.max(rate, low > 0 ? 0 : floor));
  return rival === null ? lowerRate(bracket) : null;
}

/** @returns null where passing and failing are close enough, or even a small part of the capacity fails */
function wantedRate(low: number, high: number | null, capacity: number): number | null {
  if (high === null) return low === 0 ? FIRST * capacity : UP * low;
  if (low === 0) return high <= LEAST * capacity ? null : high / 2;
  return high / low <= CLOSE ? null : Math.sqrt(low * high);
}

/** Below rates that are not clear, the next one that every repeat might hold; null where one is known, or all are too low. */
function lowerRate({ passing, held, unclear: [lowest] }: RateBracket): number | null {
  if (passing === null || lowest === undefined) return null;
  const least = LOWEST_CLAIM * rateOf(passing);
  if (rateOf(held) >= least) return null;
  const rate = tidy(rateOf(lowest) / CLOSE);
  return rate < least ? null : rate;
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

function objectiveWords({ p95Ms, ttftMs, tpotMs = null, itlP99Ms = null }: Slo): string {
  const words = [
    p95Ms === null ? '' : `p95 within ${formatCount(p95Ms)} ms`,
    ttftMs === null ? '' : `the first token’s p95 within ${formatCount(ttftMs)} ms`,
    tpotMs === null ? '' : `the time per token’s p95 within ${formatCount(tpotMs)} ms`,
    itlP99Ms === null ? '' : `the gaps’ p99 within ${formatCount(itlP99Ms)} ms`,
  ];
  return words.filter(Boolean).join(' and ');
}

const requestsASecond = (figures: PointFigures) => `${formatCount(rateOf(figures))} requests a second`;

function findings(run: ExperimentRun): readonly string[] {
  const candidates = candidatesOf(run);
  const [probe] = run.points;
  if (!probe || candidates.length === 0) return [];
  const goal = objectiveWords(probe.slo);
  const claim = claimOf(candidates);
  const held = claim?.bracket.held;
  const isOver = run.status.kind === 'finished';
  if (!claim || !held) {
    const none = `No rate was found${isOver ? '' : ' yet'} that every repeat holds with ${goal}.`;
    return [none, ...candidates.map((candidate) => otherWords(candidate, null, isOver))];
  }
  const { adapter } = run.environment;
  return [
    `${isOver ? 'The highest rate' : 'So far, the highest rate'} with ${goal} on ${adapter.name}: ${requestsASecond(held)}, with ${nameOf(held.point)}. ` +
      `There ${repeatWords(held)}${extentWords(held)}; ${aboveWords(claim, isOver)}.`,
    ...candidates.filter((candidate) => candidate !== claim).map((other) => otherWords(other, claim, isOver)),
    `All of it under Poisson arrivals and answers of ${lengthWords(probe.load)}. Other batches and waits were not tried.`,
  ];
}

const extentWords = ({ units, point: { durationS, requests } }: PointFigures) =>
  `, in ${units.length === 1 ? 'one measurement' : `${units.length} measurements`} of ${durationS === null ? `${requests} requests` : `${durationS} s`}`;

function whyFailed(figures: PointFigures): string {
  return figures.endedEarly === null ? repeatWords(figures) : 'requests piled up without end';
}

/** What was seen above the rate that is claimed. */
function aboveWords({ bracket: { unclear, failing } }: Candidate, isOver: boolean): string {
  const words = [
    ...unclear.map((each) => `at ${formatCount(rateOf(each))} it is not clear (${repeatWords(each)})`),
    failing ? `at ${requestsASecond(failing)} it failed (${whyFailed(failing)})` : '',
  ].filter(Boolean);
  if (words.length > 0) return words.join(', ');
  return isOver ? 'no higher rate was measured' : 'higher rates are still to be tried';
}

function otherWords(
  { probe, capacity, bracket }: Candidate,
  claim: Candidate | null,
  isOver: boolean,
): string {
  const { held, unclear, failing } = bracket;
  const words = [
    held ? `it held ${requestsASecond(held)}` : '',
    ...unclear.map((each) => `at ${formatCount(rateOf(each))} it is not clear (${repeatWords(each)})`),
    failing ? `at ${requestsASecond(failing)} it failed (${whyFailed(failing)})` : '',
  ].filter(Boolean);
  const close = claim && !failing && rateOf(held) > 0 ? ', less than 10 % apart from the best' : '';
  if (words.length > 0) return `${nameOf(probe)}: ${words.join(', ')}${close}.`;
  const crowd = `it served about ${formatFigure(capacity)} a second under a crowd`;
  return `${nameOf(probe)}: ${crowd}, and ${isOver ? 'was not measured further' : 'is still to be tried'}.`;
}

function lengthWords({ outputTokens }: LoadConfig): string {
  return outputTokens === 'eos' ? 'the length that the model gives them' : `${outputTokens} tokens`;
}
