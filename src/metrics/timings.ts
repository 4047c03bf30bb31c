import type { Slo } from '../core/figures';
import type { RequestRecord } from '../core/request-record';

/**
 * `finished − scheduled`, ms, under every load: a slow server cannot hide behind a generator that it slowed down
 * (coordinated omission).
 */
export function latencyOf({ finished, scheduled }: RequestRecord): number | null {
  return finished === null ? null : finished - scheduled;
}

/** `firstToken − scheduled`, ms; null for an answer without a token. */
export function ttftOf({ firstToken, scheduled }: RequestRecord): number | null {
  return firstToken === null ? null : firstToken - scheduled;
}

/** `started − enqueued`, ms. */
export function queueTimeOf({ started, enqueued }: RequestRecord): number | null {
  return started === null || enqueued === null ? null : started - enqueued;
}

export const isSloSet = (slo: Slo) => slo.p95Ms !== null || slo.ttftMs !== null;

/**
 * Whether a completed request met every objective that is set: its own latency within `p95Ms` and its own TTFT within
 * `ttftMs`. (That 95 % of them do is what an attainment of 0.95 says.)
 */
export function meetsSlo(record: RequestRecord, slo: Slo): boolean {
  if (record.outcome !== 'completed') return false;
  return within(latencyOf(record), slo.p95Ms) && within(ttftOf(record), slo.ttftMs);
}

/** An answer without a token has no TTFT to miss. */
function within(value: number | null, limit: number | null): boolean {
  return limit === null || value === null || value <= limit;
}
