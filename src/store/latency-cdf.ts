import type { LiveSnapshot } from '../core/figures';

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
export function latencyCdf({ latency_quantiles_ms, ok, requests: ended }: LiveSnapshot): LatencyCdf | null {
  const [least] = latency_quantiles_ms;
  if (least === undefined || ended === 0) return null;
  const completed = ok / ended;
  const steps = latency_quantiles_ms.map((ms, index) => ({
    ms,
    share: (completed * (index + 1)) / latency_quantiles_ms.length,
  }));
  return { completed, points: [{ ms: least, share: 0 }, ...steps] };
}
