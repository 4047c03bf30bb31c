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

export const isSloSet = (slo: Slo) => Object.values(slo).some((limit) => typeof limit === 'number');

/**
 * Whether a completed request met every objective that is set: its own latency within `p95Ms`, its own TTFT within
 * `ttftMs`, its own TPOT within `tpotMs`, and the p99 of its own gaps within `itlP99Ms`. (That 95 % of them do is what an attainment of 0.95 says.)
 */
export function meetsSlo(record: RequestRecord, slo: Slo): boolean {
  if (record.outcome !== 'completed') return false;
  return (
    within(latencyOf(record), slo.p95Ms) &&
    within(ttftOf(record), slo.ttftMs) &&
    within(record.tpot, slo.tpotMs) &&
    within(record.itlP99, slo.itlP99Ms)
  );
}

/** An answer without a token has no TTFT to miss, and one of a single token no gap. */
function within(value: number | null | undefined, limit: number | null | undefined): boolean {
  return typeof limit !== 'number' || typeof value !== 'number' || value <= limit;
}
