import type { RequestId } from '../core/request';
import {
  NO_SLOT,
  type SlotNews,
  type SlotSpan,
  type SpanKind,
  unpackLevels,
  unpackSpans,
  type WaitingLevel,
} from '../core/slots';

/** Of the time of all slots, the share that went into each; `free` is the rest. They add up to 1. */
export type SlotShares = Readonly<Record<Exclude<SpanKind, 'queue'> | 'free', number>>;

/** What became of one request in the window, ms each; null for a wait that was not seen from its beginning. */
export interface RequestTimes {
  readonly request: RequestId;
  readonly slots: readonly number[];
  readonly queueMs: number | null;
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly wastedMs: number;
}

type OpenSpan = { -readonly [Key in keyof SlotSpan]: SlotSpan[Key] };

/** The last seconds of the slots, put together from what was told. All times in ms on the shared clock. */
export class SlotWindow {
  /** Since when everything is known. */
  readonly since: number;
  readonly #longestMs: number;
  #spans: OpenSpan[] = [];
  /** What each slot did last: it may go on. */
  readonly #last = new Map<number, OpenSpan>();
  #levels: WaitingLevel[] = [];
  #cutAt = Number.NEGATIVE_INFINITY;

  /** @param longestMs what is older is forgotten */
  constructor(since: number, longestMs: number) {
    this.since = since;
    this.#longestMs = longestMs;
  }

  get spans(): readonly SlotSpan[] {
    return this.#spans;
  }

  /** The first may be older than the window: it holds until the next. */
  get levels(): readonly WaitingLevel[] {
    return this.#levels;
  }

  /** Who waits now; null before anything was heard of it. */
  get waiting(): WaitingLevel | null {
    return this.#levels.at(-1) ?? null;
  }

  /** The most that waited, queued and sealed together. */
  get mostWaiting(): number {
    return this.#levels.reduce((most, { queued, sealed }) => Math.max(most, queued + sealed), 0);
  }

  /** Slots up to the highest that was used. */
  get slotsUsed(): number {
    return this.#spans.reduce((most, { slot }) => Math.max(most, slot + 1), 0);
  }

  /** Whether something after `from` was left out. */
  isCut(from: number): boolean {
    return this.#cutAt > from;
  }

  /** @returns the pieces and levels that are new, to be drawn over what was */
  add(news: SlotNews): { readonly spans: readonly SlotSpan[]; readonly levels: readonly WaitingLevel[] } {
    const fresh = { spans: unpackSpans(news), levels: unpackLevels(news) };
    this.#forget(news.at - this.#longestMs);
    for (const span of fresh.spans) this.#join(span);
    this.#levels.push(...fresh.levels);
    if (news.cut > 0) this.#cutAt = news.at;
    return fresh;
  }

  /** Of the time of so many slots as far as it is known; null for no time at all. */
  shares(from: number, until: number, slots: number): SlotShares | null {
    const begin = Math.max(from, this.since);
    const to = Math.min(until, this.#knownUntil());
    const all = (to - begin) * slots;
    if (!(all > 0)) return null;
    const ms = { queue: 0, prefill: 0, decode: 0, wasted: 0 };
    for (const span of this.#spans) ms[span.kind] += overlap(span, begin, to);
    const { prefill, decode, wasted } = ms;
    const free = Math.max(0, all - prefill - decode - wasted);
    return { prefill: prefill / all, decode: decode / all, wasted: wasted / all, free: free / all };
  }

  /** What the slot did then; null if nothing. */
  spanAt(slot: number, time: number): SlotSpan | null {
    return this.#spans.find((span) => span.slot === slot && span.from <= time && time < span.to) ?? null;
  }

  /** Who had a slot after `from`, those whose work ended last first. */
  requests(from: number): readonly RequestTimes[] {
    const spans = this.#spans.filter(({ slot, to }) => slot !== NO_SLOT && to > from);
    const ids = new Set(spans.toSorted((a, b) => b.to - a.to).map(({ request }) => request));
    const all = new Map<RequestId, SlotSpan[]>([...ids].map((id) => [id, []]));
    for (const span of this.#spans) all.get(span.request)?.push(span);
    return [...all].map(([request, own]) => timesOf(request, own));
  }

  /** A pass is told when it has ended: while a request runs, the work since the last pass is not known. */
  #knownUntil(): number {
    if (!this.waiting?.running) return Number.POSITIVE_INFINITY;
    return this.#spans.reduce(
      (end, { slot, to }) => (slot === NO_SLOT ? end : Math.max(end, to)),
      this.since,
    );
  }

  /** A piece that goes on where the last one of its slot ended belongs to it. */
  #join(span: SlotSpan): void {
    const last = this.#last.get(span.slot);
    if (last && last.to === span.from && last.request === span.request && last.kind === span.kind) {
      last.to = span.to;
      return;
    }
    const open = { ...span };
    this.#spans.push(open);
    if (span.slot !== NO_SLOT) this.#last.set(span.slot, open);
  }

  #forget(before: number): void {
    this.#spans = this.#spans.filter(({ to }) => to > before);
    const next = this.#levels.findIndex(({ at }) => at > before);
    this.#levels.splice(0, (next < 0 ? this.#levels.length : next) - 1);
  }
}

const overlap = (span: SlotSpan, from: number, to: number): number =>
  Math.max(0, Math.min(to, span.to) - Math.max(from, span.from));

function timesOf(request: RequestId, spans: readonly SlotSpan[]): RequestTimes {
  const ms = (kind: SpanKind) =>
    spans.reduce((sum, span) => sum + (span.kind === kind ? span.to - span.from : 0), 0);
  const slots = new Set(spans.map(({ slot }) => slot).filter((slot) => slot !== NO_SLOT));
  return {
    request,
    slots: [...slots],
    queueMs: spans.some(({ kind }) => kind === 'queue') ? ms('queue') : null,
    prefillMs: ms('prefill'),
    decodeMs: ms('decode'),
    wastedMs: ms('wasted'),
  };
}
