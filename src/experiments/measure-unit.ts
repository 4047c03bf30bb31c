import type { MeasuredRun, MeasuredUnit, Measurement } from '../core/experiment';
import type { LoadConfig } from '../core/load-config';
import { type ServingConfig, slotsOf } from '../core/serving-config';
import type { Unit } from './unit-order';

/** What a measurement needs of the workers and of the world. */
export interface MeasuringHandles {
  /** Puts the configuration in force and returns it. */
  readonly configure: (config: ServingConfig) => Promise<ServingConfig>;
  readonly measure: (
    run: MeasuredRun,
    onProgress: (done: number, total: number) => void,
  ) => Promise<Measurement>;
  /** Wall-clock time, ISO 8601. */
  readonly now: () => string;
}

const LARGEST_SEED = 2 ** 31 - 1;

/**
 * Configure, warm up, drain, measure, drain. Repeat r uses the load's seed + r − 1, so that the repeats' spread holds the
 * spread of the load as well; two points with one seed still meet the same requests, repeat by repeat.
 * @param endHopeless whether a load that the server will never keep up with is ended early
 * @throws what the handles throw
 */
export async function measureUnit(
  { point, repeat }: Unit,
  handles: MeasuringHandles,
  endHopeless: boolean,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredUnit> {
  const started_at = handles.now();
  onProgress(0, point.requests ?? 0);
  const { slo, requests, durationS } = point;
  const serving = await handles.configure(point.serving);
  const warmupRequests = warmupOf(serving, point.load);
  const load = { ...point.load, seed: (point.load.seed + repeat - 1) % (LARGEST_SEED + 1) };
  const measurement = await handles.measure(
    { load, serving, slo, requests, durationS, warmupRequests, endHopeless },
    onProgress,
  );
  return {
    point: point.id,
    repeat,
    started_at,
    finished_at: handles.now(),
    summary: measurement.summary,
    records: measurement.records,
    batch_fill: measurement.batchFill,
    counters: measurement.counters,
    clipped: measurement.clipped,
    warmup_requests: warmupRequests,
    trace: measurement.trace,
    ended_early: measurement.endedEarly,
    ...(measurement.disturbed?.length ? { disturbed: measurement.disturbed } : {}),
  };
}

/** Two batches as full as the run can make them: one compiles and allocates, one shows that it did. */
function warmupOf(serving: ServingConfig, { arrival, concurrency }: LoadConfig): number {
  const batch = slotsOf(serving);
  return 2 * (arrival === 'closed' ? Math.min(batch, concurrency) : batch);
}
