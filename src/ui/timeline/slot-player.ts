import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useEffect, useState } from 'react';
import { toPlain } from '../../core/errors';
import type { SlotNews, SlotSpan } from '../../core/slots';
import { systemClock } from '../../core/system-clock';
import { type SlotShares, SlotWindow } from '../../metrics/slot-window';
import { useActions } from '../app-context';
import { niceCeil } from '../charts/axis';
import { type FilmLayout, filmLayout, paletteOf, SlotFilm, slotAt } from './slot-film';

/** What is asked of the picture. Times in ms on the shared clock. */
interface PlayerWish {
  /** CSS pixels. */
  readonly width: number;
  readonly windowMs: number;
  /** Slots that the configuration has. */
  readonly slots: number;
  /** When settings changed. */
  readonly marks: readonly number[];
}

/** What the picture shows, in figures. */
export interface SlotReport {
  readonly slots: number;
  readonly shares: SlotShares | null;
  readonly queued: number;
  readonly sealed: number;
  /** Whether there was more than could be told. */
  readonly isCut: boolean;
}

const LONGEST_WINDOW_MS = 10_000;
/** So far behind now is what is shown, so that it has been told when it comes into sight and the movement is even. */
const BEHIND_MS = 350;
const FEWEST_WAITING = 4;

/** Keeps the last seconds and has them drawn: what comes in at the end, all of it only where something about the whole changes. */
export class SlotPlayer {
  readonly #film: SlotFilm;
  readonly #canvas: HTMLCanvasElement;
  #window: SlotWindow;
  #wish: PlayerWish;
  #layout: FilmLayout;
  #mostWaiting = FEWEST_WAITING;
  #toldAt: number;
  /** The right edge. */
  #shownAt: number;

  /** @param at from here on it is told what happens, ms */
  constructor(canvas: HTMLCanvasElement, wish: PlayerWish, at: number) {
    this.#film = new SlotFilm(canvas);
    this.#canvas = canvas;
    this.#window = new SlotWindow(at, LONGEST_WINDOW_MS);
    this.#wish = wish;
    this.#layout = filmLayout(wish.slots);
    this.#toldAt = at;
    this.#shownAt = at;
  }

  get layout(): FilmLayout {
    return this.#layout;
  }

  get mostWaiting(): number {
    return this.#mostWaiting;
  }

  /** The telling begins anew: what is known of before is forgotten. */
  restart(at: number): void {
    this.#window = new SlotWindow(at, LONGEST_WINDOW_MS);
    this.#toldAt = at;
    this.show(at);
    this.redraw();
  }

  change(wish: PlayerWish): void {
    this.#wish = wish;
    this.redraw();
  }

  hear(news: SlotNews): void {
    const before = this.#window.waiting;
    const fresh = this.#window.add(news);
    this.#toldAt = news.at;
    if (this.#outgrown()) this.redraw();
    else {
      const levels = before ? [before, ...fresh.levels] : fresh.levels;
      this.#film.append({ spans: fresh.spans, levels, until: news.at });
    }
  }

  /** Moves the picture so that it ends at this moment. An empty one is the same at any. */
  show(at: number): void {
    this.#shownAt = at;
    if (!this.#isEmpty() && !this.#film.show(at)) this.redraw();
  }

  /** With the colours, the pixels and the wish of now. */
  redraw(): void {
    const { width, windowMs, marks } = this.#wish;
    const window = this.#window;
    this.#layout = filmLayout(Math.max(this.#wish.slots, window.slotsUsed));
    this.#mostWaiting = this.#wantedWaiting();
    const [layout, palette, ratio] = [this.#layout, paletteOf(this.#canvas), devicePixelRatio];
    const style = { layout, palette, width, windowMs, ratio, mostWaiting: this.#mostWaiting };
    const { spans, levels, since } = window;
    this.#film.draw(style, { spans, levels, since, until: this.#toldAt, marks }, this.#shownAt - windowMs);
    this.#film.show(this.#shownAt);
  }

  /** @param x from the left, @param y from the top, CSS pixels */
  spanAt(x: number, y: number): SlotSpan | null {
    const { width, windowMs } = this.#wish;
    const slot = slotAt(this.#layout, y);
    return slot === null ? null : this.#window.spanAt(slot, this.#shownAt - windowMs * (1 - x / width));
  }

  report(): SlotReport {
    const slots = this.#layout.lanes;
    const from = this.#shownAt - this.#wish.windowMs;
    const { queued = 0, sealed = 0 } = this.#window.waiting ?? {};
    const shares = this.#window.shares(from, this.#shownAt, slots);
    return { slots, shares, queued, sealed, isCut: this.#window.isCut(from) };
  }

  /** Those in the picture, see `SlotWindow`. */
  requests() {
    return this.#window.requests(this.#shownAt - this.#wish.windowMs);
  }

  #isEmpty(): boolean {
    const { spans, mostWaiting, since } = this.#window;
    if (spans.length > 0 || mostWaiting > 0) return false;
    return Math.max(since, this.#wish.marks.at(-1) ?? since) < this.#shownAt - LONGEST_WINDOW_MS;
  }

  #outgrown(): boolean {
    const lanes = Math.max(this.#wish.slots, this.#window.slotsUsed);
    return lanes !== this.#layout.lanes || this.#wantedWaiting() !== this.#mostWaiting;
  }

  /** It grows at once, and shrinks only when more than half of the band is empty, so that it holds still. */
  #wantedWaiting(): number {
    const wanted = niceCeil(Math.max(FEWEST_WAITING, this.#window.mostWaiting));
    const holds = wanted <= this.#mostWaiting && wanted >= this.#mostWaiting / 2;
    return holds ? this.#mostWaiting : wanted;
  }
}

const REPORT_MS = 1000;
/** With reduced motion the picture is redrawn only now and then. */
const STILL_MS = 1000;

/**
 * The player of a canvas: told by the load worker what happens while `isWatching`, and not otherwise.
 * @param wish null until the canvas has a size; memoised
 */
export function useSlotPlayer(
  canvas: RefObject<HTMLCanvasElement | null>,
  wish: PlayerWish | null,
  isWatching: boolean,
): readonly [SlotPlayer | null, SlotReport | null] {
  const { watchSlots, reportProblem } = useActions();
  const isStill = useReducedMotion();
  const scheme = useComputedColorScheme();
  const [player, setPlayer] = useState<SlotPlayer | null>(null);
  const [report, setReport] = useState<SlotReport | null>(null);

  useEffect(() => {
    if (!wish || !canvas.current) return;
    if (!player) return setPlayer(new SlotPlayer(canvas.current, wish, systemClock.now()));
    player.change(wish);
    setReport(player.report());
  }, [canvas, wish, player]);

  // The scheme is known here before the page has its colours, so they are read a frame later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of scheme changes the colours of the same picture
  useEffect(() => {
    const frame = requestAnimationFrame(() => player?.redraw());
    return () => cancelAnimationFrame(frame);
  }, [player, scheme]);

  useEffect(() => {
    if (!player || !isWatching) return;
    const problem = (error: unknown) => reportProblem(toPlain(error));
    player.restart(systemClock.now());
    watchSlots((news) => player.hear(news)).catch(problem);
    const show = () => player.show(systemClock.now() - BEHIND_MS);
    const stopShowing = isStill ? every(STILL_MS, show) : eachFrame(show);
    const stopReporting = every(REPORT_MS, () => setReport(player.report()));
    return () => {
      stopShowing();
      stopReporting();
      watchSlots(null).catch(problem);
    };
  }, [player, isWatching, isStill, watchSlots, reportProblem]);

  return [player, report];
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

function eachFrame(act: () => void): () => void {
  let next = requestAnimationFrame(function frame() {
    act();
    next = requestAnimationFrame(frame);
  });
  return () => cancelAnimationFrame(next);
}
