import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import {
  baselinePoint,
  type Check,
  type CommonSetting,
  type Experiment,
  type LabChecks,
  plannedPoint,
} from '../experiment';
import { figuresOf, type PointFigures, pointFigures } from '../figures';

const GAIN = 1.5;
const BATCHED_FROM = 4;
const MORE = 1.1;

/** The lab's four checks over its sweep; null while the baseline or every larger batch is missing. */
function labChecks(run: ExperimentRun): LabChecks | null {
  const figures = figuresOf(run);
  const baseline = figures.find(({ point }) => point.baseline);
  const settings = figures
    .filter(({ point }) => point.serving.policy === 'static' && !point.baseline)
    .toSorted((a, b) => a.point.serving.maxBatch - b.point.serving.maxBatch);
  const batched = settings.filter(({ point }) => point.serving.maxBatch >= BATCHED_FROM);
  if (!baseline || batched.length === 0) return null;
  const missing = notMeasured(run, figures);
  const checks = [gain(baseline, batched), p95Worse(baseline, batched), saturates(settings), allOk(figures)];
  return { checks: checks.map((check) => overMeasured(check, missing)), regime: regimeOf(baseline, batched) };
}

/** Points with fewer repeats than planned. */
const notMeasured = ({ points, repeats }: ExperimentRun, figures: readonly PointFigures[]) =>
  points.filter(
    ({ id, probe }) => !probe && (figures.find(({ point }) => point.id === id)?.units.length ?? 0) < repeats,
  );

/** A claim about every setting is open while some are not measured, unless one that is measured refutes it. */
function overMeasured(check: Check, missing: readonly PlannedPoint[]): Check {
  if (missing.length === 0) return check;
  const passed = check.passed === false && check.name !== 'saturates' ? false : null;
  return {
    ...check,
    passed,
    says: `${check.says} Not measured to the end: ${missing.map(({ label }) => label).join('; ')}.`,
  };
}

const rps = ({ summary }: PointFigures) => summary.throughput_rps ?? Number.NaN;
const p50 = ({ summary }: PointFigures) => summary.latency_ms?.p50 ?? Number.NaN;
const p95 = ({ summary }: PointFigures) => summary.latency_ms?.p95 ?? Number.NaN;
const name = ({ point }: PointFigures) =>
  point.baseline ? 'baseline' : `max_batch_${point.serving.maxBatch}`;

/** Figures by setting; what was not measured is null. */
const by = (figures: readonly PointFigures[], figure: (of: PointFigures) => number) =>
  Object.fromEntries(
    figures.map((of) => [name(of), Number.isNaN(figure(of)) ? null : Number(figure(of).toFixed(3))]),
  );

/** Null where a value is NaN. */
const verdict = (values: readonly number[], holds: (value: number) => boolean) =>
  values.some(Number.isNaN) ? null : values.every(holds);

const range = (values: readonly number[], digits: number) => {
  const [low, high] = [Math.min(...values).toFixed(digits), Math.max(...values).toFixed(digits)];
  return low === high ? low : `${low} to ${high}`;
};

function gain(baseline: PointFigures, batched: readonly PointFigures[]): Check {
  const gains = batched.map((of) => rps(of) / rps(baseline));
  return {
    name: 'throughput_gain',
    claim: `Throughput is at least ${GAIN} times the un-batched one's at every batch of ${BATCHED_FROM} and more.`,
    passed: verdict(gains, (value) => value >= GAIN),
    says: `It is ${range(gains, 2)} times the un-batched ${rps(baseline).toFixed(1)} requests a second.`,
    numbers: by([baseline, ...batched], rps),
  };
}

function p95Worse(baseline: PointFigures, batched: readonly PointFigures[]): Check {
  const ratios = batched.map((of) => p95(of) / p95(baseline));
  return {
    name: 'p95_worse',
    claim: `p95 is worse than un-batched at every batch of ${BATCHED_FROM} and more.`,
    passed: verdict(ratios, (value) => value > 1),
    says:
      `It is ${range(ratios, 2)} times the un-batched ${p95(baseline).toFixed(1)} ms, ${where(batched, ratios)}; ` +
      `the median is ${range(
        batched.map((of) => p50(of) / p50(baseline)),
        2,
      )} times.`,
    numbers: by([baseline, ...batched], p95),
  };
}

/** Which batches are worse than the baseline. */
function where(batched: readonly PointFigures[], ratios: readonly number[]): string {
  const worse = batched.filter((_, i) => (ratios[i] ?? 0) > 1).map(({ point }) => point.serving.maxBatch);
  if (worse.length === 0) return 'better at each';
  return worse.length === batched.length ? 'worse at each' : `worse at ${worse.join(', ')} only`;
}

/** Throughput is saturated from the smallest batch that no larger one exceeds by 10 %, unless that is the last. */
function saturates(settings: readonly PointFigures[]): Check {
  const rates = settings.map(rps);
  const beyond = (i: number) => Math.max(...rates.slice(i + 1));
  const from = rates.findIndex((rate, i) => !(beyond(i) >= MORE * rate));
  const isLast = from >= settings.length - 1;
  const more = `${Math.round((MORE - 1) * 100)} %`;
  return {
    name: 'saturates',
    claim: `Throughput saturates within the sweep: from some batch on no larger one brings ${more} more.`,
    passed: rates.length < 2 || rates.some(Number.isNaN) ? null : !isLast,
    says: isLast
      ? `It grows up to the last, by a factor of ${((rates.at(-1) ?? 0) / (rates.at(-2) ?? 0)).toFixed(2)} at the end.`
      : `From max batch ${settings[from]?.point.serving.maxBatch} on: ${rates[from]?.toFixed(1)} requests a second, at most ${beyond(from).toFixed(1)} beyond.`,
    numbers: by(settings, rps),
  };
}

function allOk(figures: readonly PointFigures[]): Check {
  const units = figures.flatMap((of) => of.units);
  const requests = units.reduce((sum, { summary }) => sum + summary.requests, 0);
  const ok = units.reduce((sum, { summary }) => sum + summary.ok, 0);
  const early = units.filter(({ ended_early }) => ended_early !== null).length;
  return {
    name: 'all_ok',
    claim: 'Every request is answered with 200.',
    passed: ok === requests && early === 0,
    says: `${ok} of ${requests} requests were${early > 0 ? `, and ${early} runs were ended early` : ''}.`,
    numbers: { requests, ok, ended_early: early },
  };
}

/**
 * The regime follows from the un-batched server: where queue time is most of the latency, batching shortens it; where there
 * is hardly any, there is nothing to shorten.
 */
function regimeOf(baseline: PointFigures, batched: readonly PointFigures[]): string {
  const { point, summary } = baseline;
  const latency = summary.latency_ms?.mean ?? Number.NaN;
  const queue = summary.queue_ms?.mean ?? Number.NaN;
  const share = queue / latency;
  const { load } = point;
  const who =
    load.arrival === 'closed'
      ? `a closed loop of ${load.concurrency} clients`
      : `${load.arrival} arrivals, ${load.rate} a second`;
  if (Number.isNaN(share))
    return `Under ${who} the un-batched server completed nothing, so the regime is unknown.`;
  const waits = `${queue.toFixed(1)} of ${latency.toFixed(1)} ms (${Math.round(share * 100)} %)`;
  const worse = batched.filter((of) => p95(of) > p95(baseline)).length;
  const outcome = worse === batched.length ? 'holds' : worse === 0 ? 'fails' : 'holds in part';
  return share >= 0.5
    ? `Crowded: under ${who} the un-batched server's requests spend ${waits} in its queue. A batch serves more of them at once and shortens that wait by more than it lengthens the service, so the second check ${outcome}. At low load it is the other way round (lab-02-low-load).`
    : `Quiet: under ${who} the un-batched server's requests spend only ${waits} in its queue. Batching has little queue time to shorten, while it adds the wait to fill a batch and a longer step, so the median grows at low load. Whether the tail grows depends on how much of it was queue time: the second check ${outcome}. Under a high load it is the other way round (lab-02).`;
}

/** Largest batch and longest wait, ms, of each setting of the sweep. */
const SETTINGS = [
  [1, 0],
  [2, 10],
  [4, 10],
  [8, 20],
  [16, 20],
  [32, 50],
] as const;

/** The sweep's settings and its un-batched baseline under one load. */
const labPoints = (common: CommonSetting) => ({
  baseline: baselinePoint(common, { policy: 'sequential', maxBatch: 1, maxWaitMs: 0 }, 'un-batched'),
  settings: SETTINGS.map(([maxBatch, maxWaitMs]) => plannedPoint(common, { maxBatch, maxWaitMs })),
});

const { baseline, settings } = labPoints({
  base: { policy: 'static', arrival: 'closed', concurrency: 50, outputTokens: 16 },
  requests: 500,
});

export const lab02: Experiment = {
  name: 'lab-02',
  title: 'Batch size and wait, under a crowd',
  says: 'Static batches of 1 to 32 against one request at a time, under 50 clients in a closed loop: what batching does to throughput and tail latency when the queue is never empty.',
  minutes: 2,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'maxWaitMs'],
  points: [baseline, ...settings],
  checks: labChecks,
};

/** Share of the un-batched server's capacity. */
const LOAD = 0.3;

const FLOOD: CommonSetting = {
  base: {
    policy: 'sequential',
    maxBatch: 1,
    maxWaitMs: 0,
    outputTokens: 16,
    arrival: 'closed',
    concurrency: 8,
  },
  requests: 200,
};

const capacity: PlannedPoint = {
  ...plannedPoint(FLOOD, {}),
  id: 'capacity',
  label: 'un-batched capacity',
  probe: true,
};

export const lab02LowLoad: Experiment = {
  name: 'lab-02-low-load',
  title: 'Batch size and wait, at low load',
  says: 'The same sweep where the queue is mostly empty: Poisson arrivals at 30 % of the un-batched capacity, which is measured first. Waiting to fill a batch then costs more than it gains.',
  minutes: 4,
  seed: 1,
  repeats: 3,
  axes: ['maxBatch', 'maxWaitMs'],
  points: [capacity],
  typicalPoints: 8,
  checks: labChecks,
  next: (run) => {
    const [probe] = run.points;
    const rps = probe && run.points.length === 1 ? pointFigures(run, probe)?.summary.throughput_rps : null;
    if (!probe || !rps) return [];
    const { baseline, settings } = labPoints({
      base: {
        policy: 'static',
        outputTokens: 16,
        arrival: 'poisson',
        rate: Math.max(0.01, Number((LOAD * rps).toFixed(2))),
      },
      requests: probe.requests,
    });
    return [baseline, ...settings];
  },
};
