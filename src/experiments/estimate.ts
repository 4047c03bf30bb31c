import type { MeasuredRun, Measurement, PlannedPoint, Wishes } from '../core/experiment';
import { formatWhole } from '../core/format';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { type Length, logNormalOf, rangeOf } from '../core/parameter';
import { type ServingConfig, slotsOf } from '../core/serving-config';
import { medianOf } from '../metrics/percentiles';
import type { Experiment } from './experiment';

/** What this machine and model take for the parts of a request. */
export interface Pace {
  /** Decode steps by their rows, ascending, ms; between them it is interpolated, beyond the last prolonged. */
  readonly decodeMs: readonly (readonly [rows: number, ms: number])[];
  /** From sending a request alone to its first token, ms. */
  readonly promptMs: number;
  /** Tokens of an answer that ends where the model ends it. */
  readonly eosTokens: number;
}

/** Beyond it an experiment is refused unless its length is confirmed. */
export const LONGEST_MS = 3_600_000;
/** How long a load that cannot be kept up goes on before it is ended early, or takes to drain. */
const OVERLOAD_MS = 15_000;
/** Repeats and requests that a shorter experiment may have, in the order of preference. */
const SMALLER_REQUESTS = [200, 100, 50, 20];

const PILOT_TOKENS = 8;

/**
 * Times the served model by two short runs, alone and with all slots busy.
 * @param contextLength of the model: an answer that the model ends may run to it
 */
export async function measurePace(
  measure: (run: MeasuredRun) => Promise<Measurement>,
  serving: ServingConfig,
  contextLength: number,
): Promise<Pace> {
  const slots = slotsOf(serving);
  const timed = async (concurrency: number) => {
    const { summary, records, batchFill } = await measure({
      load: { ...DEFAULT_LOAD_CONFIG, concurrency, outputTokens: PILOT_TOKENS },
      serving,
      slo: { p95Ms: null, ttftMs: null },
      requests: 2 * concurrency,
      durationS: null,
      warmupRequests: concurrency,
      endHopeless: false,
    });
    const rows = medianOf(records.map(({ batchSize }) => batchSize ?? 1)) ?? 1;
    return { rows: Math.max(1, rows, batchFill.length - 1), summary };
  };
  const alone = await timed(1);
  const together = slots > 1 ? [await timed(slots)] : [];
  const decodeMs = [alone, ...together].map(({ rows, summary }) => [rows, summary.itl_ms?.p50 ?? 0] as const);
  return {
    decodeMs: decodeMs.toSorted(([a], [b]) => a - b),
    promptMs: alone.summary.ttft_ms?.p50 ?? 0,
    eosTokens: Math.min(contextLength, 64),
  };
}

/** About how long an experiment takes, ms. One that goes on from what it found is taken at its usual number of points. */
export function durationOf(experiment: Experiment, pace: Pace, wishes: Wishes = {}): number {
  const { points, typicalPoints = 0 } = experiment;
  const { repeats = experiment.repeats, requests } = wishes;
  const units = points.map((point) =>
    unitMs(requests === undefined ? point : { ...point, requests, durationS: null }, pace),
  );
  const sum = units.reduce((total, ms) => total + ms, 0);
  const further = points.length > 0 ? Math.max(1, typicalPoints / points.length) : 1;
  return sum * further * repeats;
}

/** Fewer requests and repeats with which it takes at most so long; null where even the fewest take longer. */
export function scaledDown(experiment: Experiment, pace: Pace, longestMs: number): Wishes | null {
  const candidates = [experiment.repeats, 2, 1]
    .filter((repeats) => repeats <= experiment.repeats)
    .flatMap((repeats) => SMALLER_REQUESTS.map((requests) => ({ repeats, requests })));
  return candidates.find((wishes) => durationOf(experiment, pace, wishes) <= longestMs) ?? null;
}

/** Why an experiment of this length is not begun, with what could be done; null within the hour. */
export function tooLong(experiment: Experiment, pace: Pace, wishes: Wishes): string | null {
  const ms = durationOf(experiment, pace, wishes);
  if (ms <= LONGEST_MS) return null;
  const smaller = scaledDown(experiment, pace, LONGEST_MS);
  const advice = smaller
    ? `With ${smaller.repeats} repeats of ${smaller.requests} requests it takes about ${aboutWords(durationOf(experiment, pace, smaller))} (--repeats ${smaller.repeats} --requests ${smaller.requests}).`
    : 'Even a few requests of each point take longer than an hour.';
  return `"${experiment.title}" takes about ${aboutWords(ms)} with this model on this machine; at most an hour is allowed unless its length is confirmed (--long). ${advice}`;
}

/** `2 min`, `3 h`. */
export const aboutWords = (ms: number): string =>
  ms < 90_000
    ? `${formatWhole(Math.max(1, ms / 1000))} s`
    : ms < 5_400_000
      ? `${formatWhole(ms / 60_000)} min`
      : `${formatWhole(ms / 3_600_000)} h`;

function unitMs({ serving, load, requests, durationS }: PlannedPoint, pace: Pace): number {
  const slots = slotsOf(serving);
  const isClosed = load.arrival === 'closed';
  const members = Math.max(1, Math.min(slots, isClosed ? load.concurrency : slots));
  const tokens = tokensOf(load.outputTokens, pace, serving.policy === 'static');
  // Prompts are computed one after the other, or in passes that cost about as much.
  const batchMs = members * pace.promptMs + tokens * stepMs(members * load.sequences, pace);
  const requestMs = isClosed
    ? Math.max(batchMs / members, (batchMs + load.thinkTimeMs) / load.concurrency)
    : batchMs / members;
  return 2 * batchMs + measuredMs();

  function measuredMs(): number {
    if (durationS !== null) return durationS * 1000 + Math.min(OVERLOAD_MS, batchMs);
    const count = requests ?? 0;
    if (isClosed || load.arrival === 'trace') return count * requestMs;
    const offeredMs = (count / load.rate) * 1000;
    return Math.min(Math.max(offeredMs, count * requestMs), offeredMs + OVERLOAD_MS) + batchMs;
  }
}

function tokensOf(length: Length, { eosTokens }: Pace, longest: boolean): number {
  if (typeof length === 'number') return length;
  const range = rangeOf(length);
  if (range) return longest ? range[1] : (range[0] + range[1]) / 2;
  const [median, sigma] = logNormalOf(length) ?? [eosTokens, 0];
  return median * Math.exp(longest ? 2 * sigma : sigma ** 2 / 2);
}

function stepMs(rows: number, { decodeMs }: Pace): number {
  const above = decodeMs.find(([known]) => known >= rows) ?? decodeMs.at(-1);
  if (!above) return 0;
  const [b, to] = above;
  const [a, from] = decodeMs.findLast(([known]) => known < b) ?? above;
  return a === b ? to : Math.max(0, from + ((rows - a) * (to - from)) / (b - a));
}
