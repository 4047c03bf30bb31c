import * as v from 'valibot';
import { DISTURBANCES } from '../core/disturbance';
import type { PastPicture } from './app-state';

const figure = v.nullable(v.number());
const interval = v.nullable(v.tuple([v.number(), v.number()]));
const saturation = v.nullable(v.picklist(['stable', 'backlogged', 'overloaded']));
const distribution = v.nullable(
  v.object({ count: v.number(), mean: v.number(), p50: v.number(), p95: v.number(), p99: v.number() }),
);

const point = v.object({
  at: v.number(),
  throughputRps: v.number(),
  outputTps: v.optional(figure, null),
  p50Ms: v.optional(figure, null),
  ttftP95Ms: v.optional(figure, null),
  tpotP50Ms: v.optional(figure, null),
  goodputRps: v.optional(figure, null),
  wastedShare: v.optional(figure, null),
  batchFill: v.optional(figure, null),
  p95Ms: v.number(),
  p95IntervalMs: interval,
  p99Ms: v.number(),
  p999Ms: figure,
  completions: v.number(),
  lostShare: v.number(),
  saturation,
  disturbed: v.array(v.picklist(DISTURBANCES)),
  settled: v.boolean(),
});

const parts = v.pipe(v.array(v.string()), v.maxLength(20));

const PAST = v.object({
  version: v.literal(1),
  at: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  adapter: v.object({
    kind: v.picklist(['webgpu', 'wasm', 'simulated']),
    name: v.string(),
    software: v.boolean(),
  }),
  model: v.string(),
  browser: v.string(),
  figures: v.object({
    throughputRps: figure,
    throughputTps: figure,
    goodputRps: figure,
    sloAttainment: figure,
    latency: distribution,
    latencyP95Interval: interval,
    latencyP999: figure,
    ttft: distribution,
    inFlight: v.number(),
    queueDepth: v.number(),
    totals: v.object({
      sent: v.number(),
      completed: v.number(),
      rejected: v.number(),
      expired: v.number(),
      cancelled: v.number(),
      failed: v.number(),
    }),
    batchFill: v.pipe(v.array(v.number()), v.maxLength(1000)),
    meanBatchFill: figure,
    wastedTokenShare: figure,
    sendLagMs: figure,
    saturation,
    littlesLawError: figure,
  }),
  series: v.pipe(
    v.array(
      v.object({
        at: v.number(),
        p50Ms: figure,
        p95Ms: figure,
        p99Ms: figure,
        ttftP95Ms: figure,
        completedRps: figure,
        lostRps: figure,
        queueDepth: v.number(),
        inFlight: v.number(),
      }),
    ),
    v.maxLength(100),
  ),
  picture: v.object({
    parts,
    present: v.nullable(point),
    finished: v.pipe(
      v.array(v.object({ id: v.number(), parts, point, setting: v.optional(v.null(), null) })),
      v.maxLength(50),
    ),
  }),
}) satisfies v.GenericSchema<unknown, PastPicture>;

/** What was kept, or null where it is damaged or of another version: then there is just none. */
export function readPast(text: string): PastPicture | null {
  try {
    const { success, output } = v.safeParse(PAST, JSON.parse(text));
    return success ? output : null;
  } catch {
    return null;
  }
}
