import type { Saturation } from '../core/figures';
import type { RequestRecord } from '../core/request-record';
import { medianOf } from './percentiles';
import { latencyOf } from './timings';

/** Two halves of a measured period, compared. */
export interface Halves {
  /** Requests sent in the period, and of those settled in it, how many were not completed. */
  readonly offered: number;
  readonly shed: number;
  /** Mean requests in flight. */
  readonly inFlightEarlier: number;
  readonly inFlightLater: number;
  /** Median latency of the requests completed, ms: a few slow ones are no trend. */
  readonly latencyEarlier: number;
  readonly latencyLater: number;
}

/** Of what is offered, the share that is neither answered nor kept up with. */
const DEFICIT = 0.1;
/** Latency of the later half over that of the earlier one. */
const CREEP = 1.05;
const GROWTH = 1.5;
const SHED = 0.05;

/**
 * - overloaded: more than 10 % of the offered rate is missing, because requests pile up (with latency still creeping, the
 *   later half at least 5 % above the earlier) or because over 5 % are turned away, expire or fail.
 * - backlogged: latency grew by half or more from the earlier to the later half, or the rate deficit is over 10 % without
 *   either sign above: a queue has built up, which the server may yet work off. Where fewer than one request was in flight
 *   on average there was no queue, and longer latencies are the machine's.
 * - stable: neither.
 *
 * The rate deficit is how fast requests in flight grow, as a share of the offered rate, plus the share not completed:
 * counting completions directly would take one large batch at the border for a deficit.
 */
export function saturationOf(halves: Halves): Saturation | null {
  const { offered, shed, inFlightEarlier, inFlightLater, latencyEarlier, latencyLater } = halves;
  if (offered === 0 || !(latencyEarlier > 0)) return null;
  // The halves' middles are half a period apart, so over the period twice that difference piles up.
  const deficit = (2 * (inFlightLater - inFlightEarlier) + shed) / offered;
  const growth = latencyLater / latencyEarlier;
  if (deficit > DEFICIT && (growth > CREEP || shed / offered > SHED)) return 'overloaded';
  const grown = growth >= GROWTH && inFlightLater >= 1;
  return deficit > DEFICIT || grown ? 'backlogged' : 'stable';
}

/** Ramp and drain are no steady state: Little's law and the verdict look at the sends between these ranks. */
const STEADY_FROM = 0.1;
const STEADY_TO = 0.9;
const FEWEST_STEADY = 20;

/**
 * - Little's law: mean in flight L against λ·W of those that settled in the same interval, as |L − λ·W| / L. It is 0 for
 *   a steady state and grows with everything that is none.
 * - The verdict: see `saturationOf`. Null where the requests are too few, or a closed loop was over before its clients
 *   came round a second time: what it sent then was a burst, not a load.
 */
export function steadyState(
  records: readonly RequestRecord[],
  closed: boolean,
): { readonly saturation: Saturation | null; readonly littles_law_error: number | null } {
  const sends = Float64Array.from(records, (record) => record.sent).sort();
  const from = sends[Math.floor(sends.length * STEADY_FROM)] ?? 0;
  const to = sends[Math.ceil(sends.length * STEADY_TO) - 1] ?? 0;
  const area = inFlightArea(records, from, to);
  if (records.length < FEWEST_STEADY || area <= 0) return { saturation: null, littles_law_error: null };
  const inside = records.filter(({ finished }) => finished !== null && finished > from && finished <= to);
  const residence = inside.reduce((sum, record) => sum + (record.finished ?? 0) - record.sent, 0);
  const burst = closed && inside.length < FEWEST_STEADY / 2;
  return {
    saturation: burst ? null : verdict(records, from, to),
    littles_law_error: inside.length === 0 ? null : Math.abs(area - residence) / area,
  };
}

function verdict(records: readonly RequestRecord[], from: number, to: number): Saturation | null {
  const middle = (from + to) / 2;
  const sent = records.filter((record) => record.sent >= from && record.sent <= to);
  const latency = (begin: number, end: number) =>
    medianOf(
      sent
        .filter((record) => record.outcome === 'completed' && record.sent >= begin && record.sent < end)
        .map((record) => latencyOf(record) ?? 0),
    ) ?? 0;
  return saturationOf({
    offered: sent.length,
    shed: sent.filter((record) => record.outcome !== 'completed').length,
    inFlightEarlier: inFlightArea(records, from, middle) / (middle - from),
    inFlightLater: inFlightArea(records, middle, to) / (to - middle),
    latencyEarlier: latency(from, middle),
    latencyLater: latency(middle, to),
  });
}

/** ∫ in flight dt, request·ms. */
function inFlightArea(records: readonly RequestRecord[], from: number, to: number): number {
  return records.reduce((sum, { sent, finished }) => {
    const overlap = Math.min(finished ?? to, to) - Math.max(sent, from);
    return sum + Math.max(0, overlap);
  }, 0);
}
