import type { LiveSnapshot } from '../core/figures';

/** One moment in the charts over time. Null: not measured in that window. */
export interface SeriesPoint {
  /** ms on the shared clock. */
  readonly at: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly ttftP95Ms: number | null;
  readonly completedRps: number | null;
  /** Rejected, expired, cancelled and failed requests per second of the window. */
  readonly lostRps: number | null;
  readonly queueDepth: number;
  readonly inFlight: number;
}

/** What changed: "Max batch" from 8 to 16. `from` is empty where there was nothing before. */
export interface Change {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A change of setting, as a line across the charts over time. */
export interface Mark {
  readonly at: number;
  readonly changes: readonly Change[];
}

/** Two points a second for a minute and a half: 180 points. */
const SERIES_STEP_MS = 500;
export const SERIES_SPAN_MS = 90_000;

/** Changes within this time, as when a slider is dragged, share one mark. */
const MARK_MERGE_MS = 1000;

/** The series with this snapshot's point, or the very same series when the last point is too young. */
export function appendPoint(series: readonly SeriesPoint[], snapshot: LiveSnapshot): readonly SeriesPoint[] {
  const last = series.at(-1);
  // Updates come every 250 ms with some jitter: half a step of tolerance keeps the rate at two a second.
  if (last && snapshot.at - last.at < SERIES_STEP_MS * 0.75) return series;
  const oldest = snapshot.at - SERIES_SPAN_MS;
  return [...series.filter((point) => point.at > oldest), toPoint(snapshot)];
}

function toPoint(snapshot: LiveSnapshot): SeriesPoint {
  return {
    at: snapshot.at,
    p50Ms: snapshot.latency_ms?.p50 ?? null,
    p95Ms: snapshot.latency_ms?.p95 ?? null,
    p99Ms: snapshot.latency_ms?.p99 ?? null,
    ttftP95Ms: snapshot.ttft_ms?.p95 ?? null,
    completedRps: snapshot.throughput_rps,
    lostRps: lostRps(snapshot),
    queueDepth: snapshot.queueDepth,
    inFlight: snapshot.inFlight,
  };
}

/** What was sent and did not complete, per second of the window; null while nothing ended at all. */
export function lostRps(snapshot: LiveSnapshot): number | null {
  const ended = snapshot.requests;
  if (ended === 0 || snapshot.windowMs <= 0) return null;
  return ((ended - snapshot.ok) / snapshot.windowMs) * 1000;
}

/** Marks with this one. Changes that follow a mark at once belong to it: a dragged slider is one change. */
export function appendMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const oldest = mark.at - SERIES_SPAN_MS;
  const kept = marks.filter((old) => old.at > oldest);
  const last = kept.at(-1);
  if (!last || mark.at - last.at >= MARK_MERGE_MS) return [...kept, mark];
  const changes = mark.changes.reduce(mergeChange, last.changes);
  return changes.length > 0 ? [...kept.slice(0, -1), { at: last.at, changes }] : kept.slice(0, -1);
}

const BURST = 'Burst';

/** Marks with a burst of so many requests; bursts that share a mark are added up. */
export function appendBurst(marks: readonly Mark[], count: number, at: number): readonly Mark[] {
  const last = marks.at(-1);
  const before =
    last && at - last.at < MARK_MERGE_MS ? last.changes.find(({ name }) => name === BURST) : null;
  const sum = count + Number(before?.to ?? 0);
  return appendMark(marks, { at, changes: [{ name: BURST, from: '', to: String(sum) }] });
}

function mergeChange(changes: readonly Change[], next: Change): readonly Change[] {
  const known = changes.find(({ name }) => name === next.name);
  if (!known) return [...changes, next];
  const merged = { ...known, to: next.to };
  return changes.flatMap((old) => (old !== known ? [old] : merged.from === merged.to ? [] : [merged]));
}

/** "Max batch 8 → 16, Rate 5 → 10". */
export function markLabel({ changes }: Mark): string {
  return changes.map(({ name, from, to }) => (from ? `${name} ${from} → ${to}` : `${name} ${to}`)).join(', ');
}
