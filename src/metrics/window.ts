import type { Distribution, LiveFigures } from '../core/figures';
import { MsHistogram } from './samples';
import { type Halves, saturationOf } from './saturation';
import { figuresOf, Tally } from './tally';

export const SLOT_MS = 1000;
export const WINDOW_SLOTS = 10;
/** Rates over less than this are noise, ms. */
const SHORTEST_RATE_MS = 500;
/** A verdict or Little's law from less is noise. */
const FEWEST_COMPLETED = 20;
const SHORTEST_VERDICT_MS = 4000;
/** A distribution in more points is no clearer. */
const MOST_QUANTILES = 200;

/** One second of a window. */
class Slot extends Tally<MsHistogram> {
  /** Settled requests that were judged by the SLO in force, and those of them that met it. */
  judged = 0;
  good = 0;
  /** Sum of `finished − sent` over all that settled, ms. */
  residenceMs = 0;
  sent = 0;
  /** Requests in flight at the end less those at the beginning. */
  net = 0;
  /** What its comings and goings add to ∫ in flight dt up to the slot's end, request·ms. */
  netArea = 0;
  /** Which second this is, from the clock's zero. */
  second = -1;

  constructor() {
    super(() => new MsHistogram());
  }

  reuse(second: number): void {
    for (const times of this.samples) times.clear();
    this.resetCounts();
    this.judged = this.good = this.residenceMs = this.sent = this.net = this.netArea = 0;
    this.second = second;
  }

  get start(): number {
    return this.second * SLOT_MS;
  }

  get end(): number {
    return this.start + SLOT_MS;
  }

  /** `change` requests more (or less) are in flight from `at` on. */
  countInFlight(change: number, at: number): void {
    this.net += change;
    this.netArea += change * (this.end - at);
  }

  /** ∫ in flight dt from the slot's start to `until` ≤ its end, with `level` in flight at its start. */
  area(level: number, until: number): number {
    return level * (until - this.start) + this.netArea - this.net * (this.end - until);
  }
}

/** A ring of one-second slots: the present second and the nine before, or less since the last `restart`. */
export class SlidingWindow {
  readonly #ring = Array.from({ length: WINDOW_SLOTS }, () => new Slot());
  #begin: number;
  #newest = -1;

  /** @param at ms */
  constructor(at: number) {
    this.#begin = at;
  }

  /** Forgets everything before `at`, ms. */
  restart(at: number): void {
    this.#begin = at;
    this.#newest = -1;
    for (const slot of this.#ring) slot.reuse(-1);
  }

  /** Forgets who met the objectives, and nothing else. */
  forgetJudgements(): void {
    for (const slot of this.#ring) slot.judged = slot.good = 0;
  }

  /** When the window was last started anew, ms. */
  get begin(): number {
    return this.#begin;
  }

  /** The slot that counts what happened `at`; null for what the window has passed or began after. */
  slotAt(at: number): Slot | null {
    const second = Math.floor(at / SLOT_MS);
    if (at < this.#begin || second <= this.#newest - WINDOW_SLOTS) return null;
    const slot = this.#ring[second % WINDOW_SLOTS];
    if (!slot) return null;
    if (slot.second !== second) slot.reuse(second);
    this.#newest = Math.max(this.#newest, second);
    return slot;
  }

  /** The slots up to `at`, oldest first, each present even if nothing happened in it; and where the window begins. */
  view(at: number): { readonly from: number; readonly slots: readonly Slot[] } {
    const last = Math.floor(at / SLOT_MS);
    const first = Math.max(Math.floor(this.#begin / SLOT_MS), last - WINDOW_SLOTS + 1);
    const slots: Slot[] = [];
    for (let second = first; second <= last; second++) {
      const slot = this.slotAt(Math.max(this.#begin, second * SLOT_MS));
      if (slot) slots.push(slot);
    }
    return { from: Math.max(this.#begin, first * SLOT_MS), slots };
  }
}

interface View {
  readonly from: number;
  readonly slots: readonly Slot[];
}

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
): LiveFigures {
  const { from, slots } = view;
  const windowMs = at - from;
  const sum = (pick: (slot: Slot) => number) => slots.reduce((total, slot) => total + pick(slot), 0);
  const all = added(slots);
  const { settled } = all;
  const areas = inFlightAreas(view, at, inFlight);
  const area = areas.reduce((total, value) => total + value, 0);
  // With nothing in flight all along there was nothing to serve, which is not a throughput of 0.
  const measured = windowMs >= SHORTEST_RATE_MS && (area > 0 || settled > 0);
  const judgedMs = at - Math.max(from, judgedSince ?? at);
  const judged = sum((slot) => slot.judged);
  const figures = figuresOf(all, {
    seconds: measured ? windowMs / 1000 : null,
    offered: settled,
    good: judgedSince === null ? null : sum((slot) => slot.good),
    goodSeconds: measured && judgedMs >= SHORTEST_RATE_MS ? judgedMs / 1000 : null,
  });
  const { completed } = all.outcomes;
  return {
    ...figures,
    // Of what was offered, only what has settled since the objective was set can be judged.
    slo_attainment: judgedSince !== null && judged > 0 ? sum((slot) => slot.good) / judged : null,
    latency_ms: distribution(all.latency),
    ttft_ms: distribution(all.ttft),
    tpot_ms: distribution(all.tpot),
    itl_ms: distribution(all.itl),
    queue_ms: distribution(all.queue),
    windowMs,
    latency_p999_ms: all.latency.p999(),
    latency_quantiles_ms: all.latency.quantiles(MOST_QUANTILES),
    batchFill: all.batchFill,
    saturation:
      completed >= FEWEST_COMPLETED && windowMs >= SHORTEST_VERDICT_MS
        ? saturationOf(halvesOf(view, at, areas))
        : null,
    // Over all that settled, since all of them were in flight; both sides divided by the window's length cancel.
    littles_law_error:
      settled >= FEWEST_COMPLETED && area > 0
        ? Math.abs(area - sum((slot) => slot.residenceMs)) / area
        : null,
  };
}

function distribution(times: MsHistogram): Distribution | null {
  const percentiles = times.percentiles();
  return percentiles && { count: times.count, ...percentiles };
}

function added(slots: readonly Slot[]): Tally<MsHistogram> {
  const all = new Tally(() => new MsHistogram());
  for (const slot of slots) {
    all.addCounts(slot);
    slot.samples.forEach((sample, i) => {
      all.samples[i]?.add(sample);
    });
  }
  return all;
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
      latency: added(inHalf).latency.percentiles()?.p50 ?? 0,
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
