import type { Page } from '@playwright/test';

/** What the page's main thread did in a while, as a trace of the browser has it. */
export interface MainThread {
  readonly wallMs: number;
  /** Processor time of its tasks, and of the longest: a thread that others keep waiting is not busy. */
  readonly busyMs: number;
  readonly longestMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, µs; missing where it was none. */
  readonly tdur?: number;
}

const MARK = 'headway-main-thread';
const TASK = 'RunTask';

/** Traces the browser for `ms`. Its tracing costs a little, too, and that is counted to the page. */
export async function traceMainThread(page: Page, ms: number): Promise<MainThread> {
  const browser = page.context().browser();
  if (!browser) throw new Error('This page has no browser of its own that could be traced.');
  await browser.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'],
  });
  const mark = (name: string) =>
    page.evaluate((given) => {
      performance.mark(given);
      return performance.now();
    }, name);
  const begun = await mark(MARK);
  await page.waitForTimeout(ms);
  const ended = await mark(MARK);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  const events: readonly TraceEvent[] = trace.traceEvents;
  const thread = events.find(({ name }) => name === MARK);
  const tasks = events
    .filter(({ name, pid, tid }) => name === TASK && pid === thread?.pid && tid === thread.tid)
    .map(({ tdur = 0 }) => tdur / 1000);
  if (!tasks.some((task) => task > 0)) throw new Error('The trace has no task of the main thread.');
  return {
    wallMs: ended - begun,
    busyMs: tasks.reduce((sum, task) => sum + task, 0),
    longestMs: Math.max(...tasks),
  };
}

/** Frames that the page draws in a second, over `ms`. */
export const framesPerSecond = (page: Page, ms: number): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        let [frames, begun] = [0, 0];
        requestAnimationFrame(function draw(at) {
          begun ||= at;
          if (at - begun >= wanted) return resolve((frames * 1000) / (at - begun));
          frames += 1;
          requestAnimationFrame(draw);
        });
      }),
    ms,
  );
