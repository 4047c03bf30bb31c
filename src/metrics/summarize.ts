import type { Percentiles, RunSummary, Saturation, Slo, TimeOrigin } from '../core/figures';
import { OUTCOMES, type Outcome } from '../core/request';
import type { RequestRecord } from '../core/request-record';
import { intervalsOf, medianOf, percentilesOf } from './percentiles';
import { saturationOf } from './saturation';
import { isSloSet, latencyOf, meetsSlo, queueTimeOf, tpotOf, ttftOf } from './timings';

export interface RunFacts {
  readonly slo: Slo;
  readonly origin: TimeOrigin;
  readonly itl: Percentiles | null;
  /** `batchFill[n]` = batches of n members dispatched. */
  readonly batchFill: readonly number[];
  readonly decodeRows: number;
  readonly usefulRows: number;
  /** Its requests that had gone from a sealed batch when the runner took it. */
  readonly staleDropped: number;
}

/** Ramp and drain are no steady state: Little's law and the verdict look at the sends between these ranks. */
const STEADY_FROM = 0.1;
const STEADY_TO = 0.9;
const FEWEST_STEADY = 20;

/**
 * The figures of a run from all its settled requests. Times are over the completed ones. The measured interval is from
 * the first request's origin to the last settlement.
 */
export function summarize(records: readonly RequestRecord[], facts: RunFacts): RunSummary {
  const { slo, origin, batchFill, decodeRows } = facts;
  const completed = records.filter((record) => record.outcome === 'completed');
  const times = (timeOf: (record: RequestRecord) => number | null) =>
    completed.map(timeOf).filter((ms) => ms !== null);
  const latency = times((record) => latencyOf(record, origin));
  const ttft = times((record) => ttftOf(record, origin));
  const seconds = intervalMs(records, origin) / 1000;
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : null);
  const outputTokens = completed.reduce((sum, record) => sum + record.outputTokens, 0);
  const promptTokens = completed.reduce((sum, record) => sum + record.promptTokens, 0);
  const good = completed.filter((record) => meetsSlo(record, slo, origin)).length;
  const goodput = isSloSet(slo) && records.length > 0;
  return {
    requests: records.length,
    ok: completed.length,
    ...countsOf(records),
    throughput_rps: perSecond(completed.length),
    throughput_tps: perSecond(outputTokens),
    input_tps: perSecond(promptTokens),
    total_tps: perSecond(promptTokens + outputTokens),
    goodput_rps: goodput ? perSecond(good) : null,
    slo_attainment: goodput ? good / records.length : null,
    latency_ms: percentilesOf(latency),
    latency_interval_ms: intervalsOf(latency),
    ttft_ms: percentilesOf(ttft),
    ttft_interval_ms: intervalsOf(ttft),
    tpot_ms: percentilesOf(times(tpotOf)),
    itl_ms: facts.itl,
    queue_ms: percentilesOf(times(queueTimeOf)),
    mean_batch_fill: meanBatchFill(batchFill),
    wasted_token_share: decodeRows > 0 ? 1 - facts.usefulRows / decodeRows : null,
    stale_dropped: records.length > 0 ? facts.staleDropped : null,
    send_lag_ms: medianOf(records.map((record) => record.sent - record.scheduled)),
    ...steadyState(records, origin),
  };
}

function intervalMs(records: readonly RequestRecord[], origin: TimeOrigin): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    first = Math.min(first, record[origin]);
    last = Math.max(last, record.finished ?? last);
  }
  return last - first;
}

function countsOf(records: readonly RequestRecord[]) {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of records) if (outcome) counts[outcome] += 1;
  const { rejected, expired, cancelled, failed } = counts;
  return { rejected, expired, cancelled, failed };
}

function meanBatchFill(batchFill: readonly number[]): number | null {
  const batches = batchFill.reduce((sum, count) => sum + count, 0);
  return batches > 0 ? batchFill.reduce((sum, count, n) => sum + count * n, 0) / batches : null;
}

/**
 * - Little's law: mean in flight L against λ·W of those that settled in the same interval, as |L − λ·W| / L. It is 0 for
 *   a steady state and grows with everything that is none.
 * - The verdict: see `saturationOf`. Null where the requests are too few, or a closed loop was over before its clients
 *   came round a second time: what it sent then was a burst, not a load.
 */
function steadyState(
  records: readonly RequestRecord[],
  origin: TimeOrigin,
): { readonly saturation: Saturation | null; readonly littles_law_error: number | null } {
  const sends = Float64Array.from(records, (record) => record.sent).sort();
  const from = sends[Math.floor(sends.length * STEADY_FROM)] ?? 0;
  const to = sends[Math.ceil(sends.length * STEADY_TO) - 1] ?? 0;
  const area = inFlightArea(records, from, to);
  if (records.length < FEWEST_STEADY || area <= 0) return { saturation: null, littles_law_error: null };
  const inside = records.filter(({ finished }) => finished !== null && finished > from && finished <= to);
  const residence = inside.reduce((sum, record) => sum + (record.finished ?? 0) - record.sent, 0);
  const burst = origin === 'sent' && inside.length < FEWEST_STEADY / 2;
  return {
    saturation: burst ? null : verdict(records, origin, from, to),
    littles_law_error: inside.length === 0 ? null : Math.abs(area - residence) / area,
  };
}

function verdict(
  records: readonly RequestRecord[],
  origin: TimeOrigin,
  from: number,
  to: number,
): Saturation | null {
  const middle = (from + to) / 2;
  const sent = records.filter((record) => record.sent >= from && record.sent <= to);
  const latency = (begin: number, end: number) =>
    medianOf(
      sent
        .filter((record) => record.outcome === 'completed' && record.sent >= begin && record.sent < end)
        .map((record) => latencyOf(record, origin) ?? 0),
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
