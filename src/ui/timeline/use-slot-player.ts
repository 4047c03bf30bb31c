import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useEffect, useState } from 'react';
import { toPlain } from '../../core/errors';
import { systemClock } from '../../core/system-clock';
import { useActions } from '../app-context';
import { BEHIND_MS, type PlayerWish, SlotPlayer, type SlotReport } from './slot-player';

const REPORT_MS = 1000;
/** For those who want no movement the picture is another one once in a while. */
const STILL_MS = 1000;

/**
 * The player of a canvas: told by the load worker what happens while `isWatching`, and by nobody otherwise.
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
