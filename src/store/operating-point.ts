import type { Disturbance } from '../core/disturbance';
import type { Interval, LiveSnapshot, Saturation } from '../core/figures';
import { type PointSetting, settingKey } from './settings';

/** What a point of the main chart says when it is pointed at. What was not measured is null. */
export interface PointFigures {
  readonly throughput_rps: number;
  /** Output tokens per second. */
  readonly outputTps: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number;
  readonly p99Ms: number | null;
  readonly ttftP95Ms: number | null;
  readonly tpotP50Ms: number | null;
  readonly goodput_rps: number | null;
  readonly wastedShare: number | null;
  readonly batchFill: number | null;
  /** Completed requests that the figures rest on. */
  readonly completions: number;
}

/** Throughput against tail latency under one setting: a point of the main chart. */
export interface OperatingPoint extends PointFigures {
  readonly at: number;
  readonly p99Ms: number;
  /** 95 % confidence interval of p95; null where the completions are too few, as p99.9 is. */
  readonly p95IntervalMs: Interval | null;
  readonly p999Ms: number | null;
  /** Share of the requests that ended which did not complete. */
  readonly lostShare: number;
  readonly saturation: Saturation | null;
  /** What disturbed the window that it comes from. */
  readonly disturbed: readonly Disturbance[];
  /** Enough time and requests under this setting alone to stand for it. */
  readonly settled: boolean;
}

/** What a setting left behind when another took over. */
export interface FinishedSetting {
  readonly id: number;
  readonly parts: readonly string[];
  readonly setting: PointSetting | null;
  readonly point: OperatingPoint;
}

export interface Picture {
  /** The setting's label in parts, its values, and when it came into force, ms on the shared clock. */
  readonly parts: readonly string[];
  readonly setting: PointSetting | null;
  readonly since: number;
  readonly present: OperatingPoint | null;
  /** Recent points, oldest first, whatever the setting. */
  readonly trail: readonly OperatingPoint[];
  readonly finished: readonly FinishedSetting[];
  readonly nextId: number;
  /** When something was sent that is none of the setting's load; ms, 0 for never. */
  readonly disturbedAt: number;
}

export const EMPTY_PICTURE: Picture = {
  parts: [],
  setting: null,
  since: 0,
  present: null,
  trail: [],
  finished: [],
  nextId: 1,
  disturbedAt: 0,
};

/** Whether the server answered everything and was not falling behind: only then do its figures stand for the setting. */
export const keepsUp = ({ lostShare, saturation }: OperatingPoint): boolean =>
  lostShare === 0 && saturation !== 'overloaded';

/** A point stands for its setting after this long and this many completions. */
const SETTLED_MS = 3000;
export const SETTLED_COMPLETIONS = 20;
const TRAIL_MS = 30_000;
const TRAIL_STEP_MS = 450;
const MAX_FINISHED = 40;

export function operatingPoint(
  snapshot: LiveSnapshot,
  disturbed: readonly Disturbance[] = [],
): OperatingPoint | null {
  const { latency_ms: latency, throughput_rps, ok, requests: ended } = snapshot;
  if (!latency || throughput_rps === null) return null;
  const lost = ended - ok;
  return {
    at: snapshot.at,
    throughput_rps,
    outputTps: snapshot.throughput_tps,
    p50Ms: latency.p50,
    p95Ms: latency.p95,
    ttftP95Ms: snapshot.ttft_ms?.p95 ?? null,
    tpotP50Ms: snapshot.tpot_ms?.p50 ?? null,
    goodput_rps: snapshot.goodput_rps,
    wastedShare: snapshot.wasted_token_share,
    batchFill: snapshot.mean_batch_fill,
    p95IntervalMs: snapshot.latency_interval_ms?.p95 ?? null,
    p99Ms: latency.p99,
    p999Ms: snapshot.latency_p999_ms,
    completions: latency.count,
    lostShare: ended > 0 ? lost / ended : 0,
    saturation: snapshot.saturation,
    disturbed,
    settled: snapshot.windowMs >= SETTLED_MS && latency.count >= SETTLED_COMPLETIONS,
  };
}

/** Folds a snapshot in. One whose window began under the previous setting says nothing about this one and is left out. */
export function seeSnapshot(
  picture: Picture,
  snapshot: LiveSnapshot,
  disturbed: readonly Disturbance[] = [],
): Picture {
  const begin = snapshot.at - snapshot.windowMs;
  const seen = begin < picture.since ? null : operatingPoint(snapshot, disturbed);
  // Shown, but it stands for nothing.
  const point = seen && begin < picture.disturbedAt ? { ...seen, settled: false } : seen;
  const oldest = snapshot.at - TRAIL_MS;
  const trail = picture.trail.filter((old) => old.at > oldest);
  const last = trail.at(-1);
  const isNew = point?.settled && (!last || point.at - last.at >= TRAIL_STEP_MS);
  const unchanged = !isNew && trail.length === picture.trail.length;
  return { ...picture, present: point, trail: isNew ? [...trail, point] : unchanged ? picture.trail : trail };
}

/** Another setting takes over at `at`; the old one's last settled point stays as a finished one. */
export function changeSetting(
  picture: Picture,
  parts: readonly string[],
  setting: PointSetting | null,
  at: number,
): Picture {
  return { ...finishSetting(picture), parts, setting, since: at };
}

/** Keeps the present point, if it has settled, for good. The same setting seen again replaces its former point. */
export function finishSetting(picture: Picture): Picture {
  const { present } = picture;
  if (!present?.settled) return { ...picture, present: null };
  const others = picture.finished.filter((old) => keyOf(old) !== keyOf(picture));
  const { nextId: id, parts, setting } = picture;
  const finished = [...others, { id, parts, setting, point: present }].slice(-MAX_FINISHED);
  return { ...picture, present: null, finished, nextId: picture.nextId + 1 };
}

/** Keeps the present point; until a whole window has passed since `at`, what is seen is the disturbance, too. */
export function disturb(picture: Picture, at: number): Picture {
  return { ...finishSetting(picture), disturbedAt: at };
}

/** Which setting it is. Without a model there is a label only. */
export const keyOf = ({ setting, parts }: Pick<FinishedSetting, 'setting' | 'parts'>): string =>
  setting ? settingKey(setting) : parts.join('|');

export const sameParts = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((part, index) => part === b[index]);

export function removeFinished(picture: Picture, id: number): Picture {
  return { ...picture, finished: picture.finished.filter((old) => old.id !== id) };
}

export const clearFinished = (picture: Picture): Picture => ({ ...picture, finished: [], trail: [] });
