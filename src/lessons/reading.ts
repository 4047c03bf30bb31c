import type { LiveSnapshot } from '../core/figures';
import { OUTCOMES } from '../core/request';

/**
 * What a trial showed: figures of the page's own live window, which began with the trial. Times in ms; NaN where nothing was
 * completed, which reads as a dash.
 */
export interface Reading {
  /** How long the window is that they are of, at most the live window's ten seconds. */
  readonly seconds: number;
  readonly rps: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly ttftP95Ms: number;
  /** Median wait before a request is started. */
  readonly queueMs: number;
  /** Median time from one token of an answer to its next: what a decode pass takes. Null for answers of one token. */
  readonly passMs: number | null;
  /** Mean members of a batch when it leaves; of `continuous`, requests in slots when one is admitted. */
  readonly fill: number;
  /** Decoded rows that nobody was waiting for, as a share. */
  readonly wasted: number;
  /** Requests in the queue at the end, and by how many a second it grew. */
  readonly queued: number;
  readonly queueGrowth: number;
  /** Of the requests that ended in the window: those that did not complete, as a share. */
  readonly lostShare: number;
  readonly rejectedShare: number;
  /** Members of sealed batches that had gone when their batch was taken. */
  readonly stale: number;
  /** Completed requests a second that met the objectives; null without one. */
  readonly goodputRps: number | null;
}

/** The trial's first snapshot and its last. */
export interface Evidence {
  readonly first: LiveSnapshot;
  readonly last: LiveSnapshot;
}

/** Requests that ended in the window, whichever way. */
export const endedIn = ({ outcomes }: LiveSnapshot): number =>
  OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);

/** Null while nothing has ended. */
export function readingOf({ first, last }: Evidence): Reading | null {
  const { latency, throughputRps, outcomes } = last;
  const ended = endedIn(last);
  if (ended === 0 || throughputRps === null) return null;
  const share = (count: number) => count / ended;
  const apartS = (last.at - first.at) / 1000;
  return {
    seconds: last.windowMs / 1000,
    rps: throughputRps,
    p50Ms: latency?.p50 ?? Number.NaN,
    p95Ms: latency?.p95 ?? Number.NaN,
    ttftP95Ms: last.ttft?.p95 ?? Number.NaN,
    queueMs: last.queueTime?.p50 ?? Number.NaN,
    passMs: last.tpot?.p50 ?? null,
    fill: last.meanBatchFill ?? 1,
    wasted: last.wastedTokenShare ?? 0,
    queued: last.queueDepth,
    queueGrowth: apartS > 0 ? (last.queueDepth - first.queueDepth) / apartS : 0,
    lostShare: share(ended - outcomes.completed),
    rejectedShare: share(outcomes.rejected),
    stale: last.counters.staleDropped - first.counters.staleDropped,
    goodputRps: last.goodputRps,
  };
}
