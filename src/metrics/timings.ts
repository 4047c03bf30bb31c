import type { Slo, TimeOrigin } from '../core/figures';
import type { RequestRecord } from '../core/request-record';

/** `finished − origin`, ms. */
export function latencyOf(record: RequestRecord, origin: TimeOrigin): number | null {
  return record.finished === null ? null : record.finished - record[origin];
}

/** `firstToken − origin`, ms; null for an answer without a token. */
export function ttftOf(record: RequestRecord, origin: TimeOrigin): number | null {
  return record.firstToken === null ? null : record.firstToken - record[origin];
}

/** `(finished − firstToken) / (outputTokens − 1)`, ms, with the tokens of one sequence; null for less than two. */
export function tpotOf({ finished, firstToken, outputTokens, sequences }: RequestRecord): number | null {
  const tokens = outputTokens / sequences;
  if (finished === null || firstToken === null || tokens < 2) return null;
  return (finished - firstToken) / (tokens - 1);
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
export function meetsSlo(record: RequestRecord, slo: Slo, origin: TimeOrigin): boolean {
  if (record.outcome !== 'completed') return false;
  return within(latencyOf(record, origin), slo.p95Ms) && within(ttftOf(record, origin), slo.ttftMs);
}

/** An answer without a token has no TTFT to miss. */
function within(value: number | null, limit: number | null): boolean {
  return limit === null || value === null || value <= limit;
}
