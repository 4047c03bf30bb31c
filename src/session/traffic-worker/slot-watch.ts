import type { ServingEvent } from '../../core/events';
import type { SlotNews } from '../../core/slots';
import { SlotTimeline, type WaitingNow } from '../../metrics/slot-timeline';
import { Listener } from './listener';

/** What the slots do, for a picture that is shown. Without a listener it costs nothing. */
export class SlotWatch {
  #watched: { readonly timeline: SlotTimeline; readonly listener: Listener<SlotNews> } | null = null;

  /** Replaces the present listener; null removes it. */
  watch(onNews: ((news: SlotNews) => void) | null): void {
    this.#watched = onNews && { timeline: new SlotTimeline(), listener: new Listener(onNews) };
  }

  /** @param waiting after the event */
  fold(event: ServingEvent, waiting: WaitingNow): void {
    this.#watched?.timeline.fold(event, waiting);
  }

  /** @param at now, ms */
  tell(at: number): void {
    if (!this.#watched) return;
    const { timeline, listener } = this.#watched;
    listener.tell(() => timeline.take(at));
  }
}
