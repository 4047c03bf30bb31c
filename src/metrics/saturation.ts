import type { Saturation } from '../core/figures';

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
 *   either sign above: a queue has built up, which the server may yet work off.
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
  return deficit > DEFICIT || growth >= GROWTH ? 'backlogged' : 'stable';
}
