import * as v from 'valibot';
import { DISTURBANCES } from '../core/disturbance';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { changeServingConfig, DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import type { AppStore } from './app-state';
import type { FinishedSetting, OperatingPoint } from './operating-point';

/** Where the points are kept: the page's own storage, or a test's. */
export interface Shelf {
  /** Null for none. May throw, as a browser that keeps nothing does. */
  read(): string | null;
  write(text: string): void;
}

const figure = v.nullable(v.number());

const POINT = v.object({
  at: v.number(),
  throughput_rps: v.number(),
  outputTps: figure,
  p50Ms: figure,
  p95Ms: v.number(),
  p95IntervalMs: v.nullable(v.tuple([v.number(), v.number()])),
  p99Ms: v.number(),
  p999Ms: figure,
  ttftP95Ms: figure,
  tpotP50Ms: figure,
  goodput_rps: figure,
  wastedShare: figure,
  batchFill: figure,
  completions: v.number(),
  lostShare: v.number(),
  saturation: v.nullable(v.picklist(['stable', 'backlogged', 'overloaded'])),
  disturbed: v.array(v.picklist(DISTURBANCES)),
  settled: v.boolean(),
}) satisfies v.GenericSchema<unknown, OperatingPoint>;

const config = v.record(v.string(), v.union([v.string(), v.number()]));

/** A configuration of another version of the page is completed from the defaults; one with a refused value is left out. */
const SETTING = v.pipe(
  v.object({ model: v.string(), adapter: v.string(), serving: config, load: config }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    try {
      const serving = changeServingConfig(DEFAULT_SERVING_CONFIG, value.serving);
      const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, value.load);
      return { model: value.model, adapter: value.adapter, serving, load };
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : String(error) });
      return NEVER;
    }
  }),
);

const FINISHED = v.object({
  id: v.number(),
  parts: v.pipe(v.array(v.string()), v.maxLength(20)),
  setting: SETTING,
  point: POINT,
}) satisfies v.GenericSchema<unknown, FinishedSetting>;

const KEPT = v.object({ version: v.literal(1), finished: v.pipe(v.array(v.unknown()), v.maxLength(100)) });

/** The main chart's finished points of the last visit are there again, and those of this one are kept for the next. */
export function keepPoints(store: AppStore, shelf: Shelf): void {
  const finished = readPoints(attempt(() => shelf.read()) ?? '');
  const nextId = Math.max(0, ...finished.map(({ id }) => id)) + 1;
  store.setState(({ picture, ...state }) => ({ ...state, picture: { ...picture, finished, nextId } }), true);
  store.subscribe(({ picture }, before) => {
    if (picture.finished === before.picture.finished) return;
    attempt(() => shelf.write(JSON.stringify({ version: 1, finished: picture.finished })));
  });
}

/** The points that can be read; a damaged one is left out. */
function readPoints(text: string): readonly FinishedSetting[] {
  const kept = attempt(() => v.safeParse(KEPT, JSON.parse(text)));
  if (!kept?.success) return [];
  return kept.output.finished.flatMap((each) => {
    const read = v.safeParse(FINISHED, each);
    return read.success ? [read.output] : [];
  });
}

/** Without storage, or with damaged storage, there are no points of a former visit; the page goes on. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
