import type { LiveSnapshot } from '../core/figures';
import { OUTCOMES } from '../core/request';

/** One step of the distribution: this share of all that ended was completed within `ms`. */
export interface CdfPoint {
  readonly ms: number;
  readonly share: number;
}

export interface LatencyCdf {
  /** Of what ended in the window, the share that was completed: there the curve ends. */
  readonly completed: number;
  readonly points: readonly CdfPoint[];
}

/**
 * The window's latencies as a curve. Who was rejected, expired, cancelled or failed has no latency, and none of the
 * waiting helped: they keep the curve below 1, where leaving them out would flatter it.
 * @returns null while nothing completed
 */
export function latencyCdf({ latencyQuantiles, outcomes }: LiveSnapshot): LatencyCdf | null {
  const ended = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  const [least] = latencyQuantiles;
  if (least === undefined || ended === 0) return null;
  const completed = outcomes.completed / ended;
  const steps = latencyQuantiles.map((ms, index) => ({
    ms,
    share: (completed * (index + 1)) / latencyQuantiles.length,
  }));
  return { completed, points: [{ ms: least, share: 0 }, ...steps] };
}
