import type { LiveSnapshot } from '../core/figures';
import { OUTCOMES } from '../core/request';
import { MsHistogram } from './histogram';
import { type Halves, saturationOf } from './saturation';
import { noOutcomes, type Slot } from './slot';

/** Rates over less than this are noise, ms. */
const SHORTEST_RATE_MS = 500;
/** A verdict or Little's law from less is noise. */
const FEWEST_COMPLETED = 20;
const SHORTEST_VERDICT_MS = 4000;
/** A distribution in more points is no clearer. */
const MOST_QUANTILES = 200;

interface View {
  readonly from: number;
  readonly slots: readonly Slot[];
}

type Figures = Omit<
  LiveSnapshot,
  'at' | 'inFlight' | 'queueDepth' | 'totals' | 'server' | 'clients' | 'counters'
>;

/**
 * @param at the window's end, ms
 * @param inFlight requests in flight then
 * @param judgedSince when the SLO in force was set, ms; null without one
 */
export function summarizeWindow(
  view: View,
  at: number,
  inFlight: number,
  judgedSince: number | null,
): Figures {
  const { from, slots } = view;
  const windowMs = at - from;
  const sum = (pick: (slot: Slot) => number) => slots.reduce((total, slot) => total + pick(slot), 0);
  const outcomes = noOutcomes();
  for (const outcome of OUTCOMES) outcomes[outcome] = sum((slot) => slot.outcomes[outcome]);
  const settled = sum((slot) => slot.settled);
  const areas = inFlightAreas(view, at, inFlight);
  const area = areas.reduce((total, value) => total + value, 0);
  // With nobody in flight all along there was nothing to serve, which is not a throughput of 0.
  const measured = windowMs >= SHORTEST_RATE_MS && (area > 0 || settled > 0);
  const perSecond = (count: number) => (measured ? (count * 1000) / windowMs : null);
  const batchFill = batchFillOf(slots);
  const batches = batchFill.reduce((total, count) => total + count, 0);
  const members = batchFill.reduce((total, count, n) => total + count * n, 0);
  const latency = merged(slots, (slot) => slot.latency);
  const decodeRows = sum((slot) => slot.decodeRows);
  return {
    windowMs,
    throughputRps: perSecond(outcomes.completed),
    throughputTps: perSecond(sum((slot) => slot.tokens)),
    ...goodputOf(view, at, measured ? judgedSince : null),
    latency: latency.distribution(),
    latencyP95Interval: latency.interval(95),
    latencyP999: latency.p999(),
    latencyQuantiles: latency.quantiles(MOST_QUANTILES),
    ttft: merged(slots, (slot) => slot.ttft).distribution(),
    tpot: merged(slots, (slot) => slot.tpot).distribution(),
    queueTime: merged(slots, (slot) => slot.queueTime).distribution(),
    outcomes,
    batchFill,
    meanBatchFill: batches > 0 ? members / batches : null,
    wastedTokenShare: decodeRows > 0 ? 1 - sum((slot) => slot.usefulRows) / decodeRows : null,
    sendLagMs: merged(slots, (slot) => slot.sendLag).distribution()?.p50 ?? null,
    saturation:
      outcomes.completed >= FEWEST_COMPLETED && windowMs >= SHORTEST_VERDICT_MS
        ? saturationOf(halvesOf(view, at, areas))
        : null,
    // Over all that settled, since all of them were in flight; both sides divided by the window's length cancel.
    littlesLawError:
      settled >= FEWEST_COMPLETED && area > 0
        ? Math.abs(area - sum((slot) => slot.residenceMs)) / area
        : null,
  };
}

/** Of what was offered, only what has settled since can be judged. */
function goodputOf({ from, slots }: View, at: number, judgedSince: number | null) {
  const judged = slots.reduce((total, slot) => total + slot.judged, 0);
  const good = slots.reduce((total, slot) => total + slot.good, 0);
  const judgedMs = at - Math.max(from, judgedSince ?? at);
  return {
    goodputRps: judgedMs >= SHORTEST_RATE_MS ? (good * 1000) / judgedMs : null,
    sloAttainment: judgedSince !== null && judged > 0 ? good / judged : null,
  };
}

function merged(slots: readonly Slot[], pick: (slot: Slot) => MsHistogram): MsHistogram {
  const all = new MsHistogram();
  for (const slot of slots) all.add(pick(slot));
  return all;
}

function batchFillOf(slots: readonly Slot[]): number[] {
  const length = Math.max(0, ...slots.map((slot) => slot.batchFill.length));
  return Array.from({ length }, (_, n) => slots.reduce((sum, slot) => sum + (slot.batchFill[n] ?? 0), 0));
}

/** ∫ in flight dt of each slot, request·ms, reckoned back from those in flight now. */
function inFlightAreas({ from, slots }: View, at: number, inFlight: number): number[] {
  let level = inFlight - slots.reduce((sum, slot) => sum + slot.net, 0);
  return slots.map((slot) => {
    const area = slot.area(level, Math.min(at, slot.end)) - level * Math.max(0, from - slot.start);
    level += slot.net;
    return Math.max(0, area);
  });
}

function halvesOf({ from, slots }: View, at: number, areas: readonly number[]): Halves {
  const middle = Math.ceil(slots.length / 2);
  const half = (begin: number, end: number) => {
    const inHalf = slots.slice(begin, end);
    const first = Math.max(from, inHalf[0]?.start ?? at);
    const span = Math.min(at, inHalf.at(-1)?.end ?? at) - first;
    const area = areas.slice(begin, end).reduce((sum, value) => sum + value, 0);
    return {
      inFlight: span > 0 ? area / span : 0,
      latency: merged(inHalf, (slot) => slot.latency).distribution()?.p50 ?? 0,
    };
  };
  const earlier = half(0, middle);
  const later = half(middle, slots.length);
  return {
    offered: slots.reduce((sum, slot) => sum + slot.sent, 0),
    shed: slots.reduce((sum, slot) => sum + slot.settled - slot.outcomes.completed, 0),
    inFlightEarlier: earlier.inFlight,
    inFlightLater: later.inFlight,
    latencyEarlier: earlier.latency,
    latencyLater: later.latency,
  };
}
