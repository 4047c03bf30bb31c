import type { Calibration } from '../core/calibration';
import type { ServingEvent } from '../core/events';
import type { RunSummary } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import { POLICIES, slotsOf } from '../core/serving-config';
import type {
  FleetAnswer,
  RaceLane,
  RaceRow,
  RaceStep,
  TwinControl,
  TwinCurve,
  TwinPoint,
  TwinQuestion,
} from '../core/twin-control';
import { simulate } from './simulate';

/** Offered load of a curve's points, as multiples of the present one. */
const MULTIPLES = [0.2, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];
/** Arrivals that have a rate which goes on. */
const STEADY: readonly string[] = ['closed', 'constant', 'poisson', 'gamma'];
const SEEDS = 3;
const MOST_REPLICAS = 4096;
/** Of what is offered, the share that must be completed in time for the rate to be kept. */
const KEPT = 0.95;

/** The twin's answers, from simulations alone. */
export const TWIN: TwinControl = {
  curves: (question) =>
    STEADY.includes(question.load.arrival) ? POLICIES.map((policy) => curveOf(question, policy)) : [],
  point: pointOf,
  replicas: fewestReplicas,
  race: (question) => POLICIES.map((policy) => laneOf(question, policy)),
};

function curveOf(question: TwinQuestion, policy: TwinCurve['policy']): TwinCurve {
  const { load, serving } = question;
  const amounts =
    load.arrival === 'closed' ? clientsUpTo(load.concurrency) : MULTIPLES.map((k) => k * load.rate);
  const points: TwinPoint[] = [];
  for (const amount of amounts) {
    const point = once(
      { ...question, serving: { ...serving, policy }, load: offered(load, amount) },
      load.seed,
    );
    // Beyond its capacity an open loop's latency only says how long it was watched.
    if (!point || (load.arrival !== 'closed' && !keepsUp(point))) break;
    points.push(point);
  }
  return { policy, points };
}

function clientsUpTo(present: number): readonly number[] {
  const steps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].filter((clients) => clients <= 2 * present);
  return [...new Set([...steps, present])].sort((a, b) => a - b);
}

const offered = (load: LoadConfig, amount: number): LoadConfig =>
  load.arrival === 'closed' ? { ...load, concurrency: amount } : { ...load, rate: amount };

const amountOf = ({ arrival, concurrency, rate }: LoadConfig) => (arrival === 'closed' ? concurrency : rate);

const keepsUp = ({ saturation, throughput_rps, amount, lostShare }: TwinPoint) =>
  saturation !== 'overloaded' && throughput_rps * (1 + lostShare) > 0.9 * amount;

function pointOf(question: TwinQuestion): TwinPoint | null {
  const points = Array.from({ length: SEEDS }, (_, i) => once(question, question.load.seed + i)).filter(
    (point) => point !== null,
  );
  const sorted = points.toSorted((a, b) => a.p95Ms - b.p95Ms);
  const middle = sorted[sorted.length >> 1];
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!middle || !first || !last) return null;
  return { ...middle, p95Range: [first.p95Ms, last.p95Ms] };
}

function once(question: TwinQuestion, seed: number): TwinPoint | null {
  const { calibration, serving, load, slo, replicas, router, speed, requests } = question;
  const { summary, extrapolated } = simulate({
    calibration: fasterBy(calibration, speed),
    serving,
    load: { ...load, seed },
    slo,
    requests,
    durationS: null,
    replicas,
    router,
  });
  return twinPoint(summary, amountOf(load), extrapolated);
}

function twinPoint(summary: RunSummary, amount: number, extrapolated: readonly string[]): TwinPoint | null {
  if (summary.throughput_rps === null || summary.latency_ms === null) return null;
  return {
    amount,
    throughput_rps: summary.throughput_rps,
    outputTps: summary.throughput_tps,
    p50Ms: summary.latency_ms.p50,
    p95Ms: summary.latency_ms.p95,
    p99Ms: summary.latency_ms.p99,
    ttftP95Ms: summary.ttft_ms?.p95 ?? null,
    tpotP50Ms: summary.tpot_ms?.p50 ?? null,
    goodput_rps: summary.goodput_rps,
    wastedShare: summary.wasted_token_share,
    batchFill: summary.mean_batch_fill,
    completions: summary.ok,
    lostShare: summary.requests > 0 ? 1 - summary.ok / summary.requests : 0,
    saturation: summary.saturation,
    p95Range: null,
    extrapolated,
  };
}

const scaled = new WeakMap<Calibration, Map<number, Calibration>>();

/** The same engine on a device `speed` times as fast; what JavaScript does between steps stays. */
function fasterBy(calibration: Calibration, speed: number): Calibration {
  if (speed === 1) return calibration;
  const known = scaled.get(calibration) ?? new Map<number, Calibration>();
  scaled.set(calibration, known);
  const { terms } = calibration;
  const faster = known.get(speed) ?? {
    ...calibration,
    terms: {
      ...terms,
      decode_ms: terms.decode_ms.map(([rows, ms]): [number, number] => [rows, ms / speed]),
      prefill_ms: terms.prefill_ms / speed,
      prefill_token_ms: terms.prefill_token_ms / speed,
      prefill_square_ms: terms.prefill_square_ms / speed,
      attended_ms: terms.attended_ms / speed,
      copy_ms: terms.copy_ms / speed,
      sampled_ms: terms.sampled_ms / speed,
    },
  };
  known.set(speed, faster);
  return faster;
}

/** Doubles until the objective is kept, then halves the gap. Requests grow with the fleet, so that each engine sees some. */
function fewestReplicas(question: TwinQuestion): FleetAnswer {
  const known = new Map<number, TwinPoint | null>();
  const point = (replicas: number) => {
    if (!known.has(replicas)) {
      const requests = Math.min(20_000, Math.max(question.requests, 20 * replicas));
      known.set(replicas, once({ ...question, replicas, requests }, question.load.seed));
    }
    return known.get(replicas) ?? null;
  };
  const enough = (replicas: number) => meets(point(replicas), question);
  const alone = once(leastLoaded(question), question.load.seed);
  // What an engine with nothing else to do misses, no number of engines keeps.
  if (!meets(alone, leastLoaded(question))) return { replicas: null, tried: 1, point: alone, fewer: null };
  let high = 1;
  while (!enough(high)) {
    if (high >= MOST_REPLICAS) return { replicas: null, tried: high, point: point(high), fewer: null };
    high *= 2;
  }
  let low = high >> 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return { replicas: high, tried: high, point: point(high), fewer: high > 1 ? point(high - 1) : null };
}

/** One request a second for a single engine, or one client. */
const leastLoaded = (question: TwinQuestion): TwinQuestion => ({
  ...question,
  replicas: 1,
  load:
    question.load.arrival === 'closed'
      ? { ...question.load, concurrency: 1 }
      : { ...question.load, arrival: 'constant', rate: Math.min(question.load.rate, 1) },
  requests: 60,
});

function meets(point: TwinPoint | null, { slo, load }: TwinQuestion): boolean {
  if (!point || point.lostShare > 1 - KEPT) return false;
  if (load.arrival !== 'closed' && !keepsUp(point)) return false;
  if (slo.p95Ms !== null && point.p95Ms > slo.p95Ms) return false;
  return slo.ttftMs === null || (point.ttftP95Ms ?? 0) <= slo.ttftMs;
}

function laneOf(question: TwinQuestion, policy: RaceLane['policy']): RaceLane {
  const { calibration, load, slo, speed, requests } = question;
  const serving = { ...question.serving, policy };
  const steps: RaceStep[] = [];
  const { records, lasted, extrapolated } = simulate({
    calibration: fasterBy(calibration, speed),
    serving,
    load,
    slo,
    requests,
    durationS: null,
    onEvent: (event: ServingEvent) => {
      if (event.type !== 'step') return;
      const wasted = new Set(event.wasted);
      const kind: RaceRow = event.phase;
      steps.push({
        from: event.startedAt,
        to: event.at,
        slots: event.slots,
        rows: event.slots.map(
          (_, place): RaceRow => (kind === 'decode' && wasted.has(place) ? 'wasted' : kind),
        ),
      });
    },
  });
  return {
    policy,
    slots: slotsOf(serving),
    steps,
    requests: records().map(({ scheduled, sent, started, finished, outcome }) => ({
      sent,
      started,
      finished,
      latencyMs: outcome === 'completed' && finished !== null ? finished - scheduled : null,
    })),
    lasted,
    extrapolated,
  };
}
