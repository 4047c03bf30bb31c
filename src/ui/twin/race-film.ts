import type { RaceLane } from '../../core/twin-control';

/** How far a lane has come at a time of the race. */
export interface LaneScore {
  readonly sent: number;
  readonly queued: number;
  readonly finished: number;
  /** Of the requests finished so far, ms; null before the first. */
  readonly p95Ms: number | null;
  /** Decoded rows that no request waited for, as a share; null before the first decode step. */
  readonly wastedShare: number | null;
  readonly isOver: boolean;
}

/** @param at ms from the start of the race */
export function scoreAt({ requests, steps, lasted }: RaceLane, at: number): LaneScore {
  const sent = requests.filter((request) => request.sent <= at);
  const latencies = sent.flatMap(({ finished, latencyMs }) =>
    finished !== null && finished <= at && latencyMs !== null ? [latencyMs] : [],
  );
  let decoded = 0;
  let wasted = 0;
  for (const { to, rows } of steps) {
    if (to > at) break;
    for (const row of rows) {
      if (row === 'prefill') continue;
      decoded += 1;
      if (row === 'wasted') wasted += 1;
    }
  }
  const sorted = latencies.sort((a, b) => a - b);
  return {
    sent: sent.length,
    queued: sent.filter(({ started, finished }) =>
      finished === null || finished > at ? started === null || started > at : false,
    ).length,
    finished: latencies.length,
    p95Ms: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null,
    wastedShare: decoded > 0 ? wasted / decoded : null,
    isOver: at >= lasted,
  };
}

interface FilmColors {
  readonly prefill: string;
  readonly decode: string;
  readonly wasted: string;
  readonly line: string;
}

interface FilmView {
  /** ms from the start of the race; drawn at three quarters of the width. */
  readonly at: number;
  /** ms that the width shows. */
  readonly span: number;
  readonly width: number;
  readonly height: number;
  readonly colors: FilmColors;
}

/** Draws a lane's slots around a time: a row a slot, a block a step. */
export function drawLane(
  context: CanvasRenderingContext2D,
  { steps, slots }: RaceLane,
  { at, span, width, height, colors }: FilmView,
): void {
  context.clearRect(0, 0, width, height);
  const from = at - 0.75 * span;
  const x = (ms: number) => ((ms - from) / span) * width;
  const rowHeight = height / slots;
  const gap = rowHeight > 5 ? 1 : 0;
  for (const step of steps) {
    if (step.to < from) continue;
    if (step.from > at) break;
    const [left, right] = [Math.max(0, x(step.from)), x(Math.min(step.to, at))];
    step.slots.forEach((slot, place) => {
      context.fillStyle = colors[step.rows[place] ?? 'decode'];
      context.fillRect(left, slot * rowHeight, Math.max(0.5, right - left - 0.5), rowHeight - gap);
    });
  }
  context.fillStyle = colors.line;
  context.fillRect(x(at), 0, 1, height);
}
