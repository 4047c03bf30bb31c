import type { ServingEvent, StepEvent } from '../core/events';
import type { RequestId } from '../core/request';
import { NO_SLOT, type SlotNews, type SlotSpan, SPAN_KINDS, type WaitingLevel } from '../core/slots';

/** A picture of some seconds shows nothing finer: passes of one request that are closer are one span, and so are levels. */
const RESOLUTION_MS = 4;
/** Spans, and levels, of one telling. */
const MOST = 2000;

/** Requests in the queue, in sealed batches, and running. */
export type WaitingNow = Omit<WaitingLevel, 'at'>;

type OpenSpan = { -readonly [Key in keyof SlotSpan]: SlotSpan[Key] };

/**
 * What each slot did, folded from the server's events from the moment it was made: as many spans as requests have phases,
 * however many steps those take. Bounded: what is not taken in time is counted and left out.
 */
export class SlotTimeline {
  /** What each slot did last, by slot. */
  readonly #open: (OpenSpan | undefined)[] = [];
  /** Since when they wait, ms. */
  readonly #waiting = new Map<RequestId, number>();
  /** As in `SlotNews`. */
  #spans: number[] = [];
  #levels: WaitingLevel[] = [];
  #cut = 0;

  /** @param waiting after the event */
  fold(event: ServingEvent, waiting: WaitingNow): void {
    switch (event.type) {
      case 'enqueued':
        this.#waiting.set(event.id, event.at);
        break;
      case 'started':
        for (const id of event.ids) this.#endWait(id, event.at);
        break;
      case 'settled':
        this.#endWait(event.id, event.at);
        break;
      case 'step':
        this.#foldStep(event);
        return;
      case 'batched':
        break;
      case 'dropped':
      case 'configured':
      case 'status':
      case 'memory':
      case 'received':
      case 'counted':
        return;
    }
    const { queued, sealed, running } = waiting;
    this.#level({ at: event.at, queued, sealed, running });
  }

  /** What is new since the last call. @param at now, ms */
  take(at: number): SlotNews {
    for (const span of this.#open) {
      if (!span) continue;
      this.#close(span);
      // The rest of it is another piece.
      span.from = span.to;
    }
    const levels = this.#levels.flatMap((level) => [level.at, level.queued, level.sealed, level.running]);
    const news = {
      at,
      spans: Float64Array.from(this.#spans),
      levels: Float64Array.from(levels),
      cut: this.#cut,
    };
    this.#spans = [];
    this.#levels = [];
    this.#cut = 0;
    return news;
  }

  #foldStep({ phase, startedAt, at, slots, members, wasted }: StepEvent): void {
    let next = 0;
    for (let row = 0; row < slots.length; row++) {
      const isWasted = wasted[next] === row;
      if (isWasted) next += 1;
      const [slot, request] = [slots[row], members[row]];
      if (slot === undefined || request === undefined) continue;
      const kind = isWasted ? 'wasted' : phase;
      const last = this.#open[slot];
      if (last && last.request === request && last.kind === kind && startedAt - last.to < RESOLUTION_MS) {
        last.to = at;
        continue;
      }
      if (last) this.#close(last);
      this.#open[slot] = { slot, kind, request, from: startedAt, to: at };
    }
  }

  #endWait(request: RequestId, to: number): void {
    const from = this.#waiting.get(request);
    if (from === undefined) return;
    this.#waiting.delete(request);
    this.#close({ slot: NO_SLOT, kind: 'queue', request, from, to });
  }

  #close({ slot, kind, request, from, to }: SlotSpan): void {
    if (to <= from) return;
    if (this.#spans.length < 5 * MOST) this.#spans.push(slot, SPAN_KINDS.indexOf(kind), request, from, to);
    else this.#cut += 1;
  }

  #level(level: WaitingLevel): void {
    const last = this.#levels.at(-1);
    if (last && level.at - last.at < RESOLUTION_MS)
      this.#levels[this.#levels.length - 1] = { ...level, at: last.at };
    else if (this.#levels.length < MOST) this.#levels.push(level);
  }
}
