import type { Adapter } from '../core/backend';
import { DISTURBANCES } from '../core/disturbance';
import type {
  BenchOptions,
  BenchProgress,
  BenchResult,
  BenchSummary,
  MeasuredUnit,
  PlannedPoint,
} from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { changeServingConfig, DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { type MeasuringHandles, measureUnit } from './measure-unit';
import { medianSummary, worstRun } from './median-summary';
import { validateBench } from './validate-bench';

/** What a bench needs of the workers and of the page. */
export interface BenchHandles extends MeasuringHandles {
  readonly served: {
    readonly adapter: Adapter;
    readonly model: { readonly name: string; readonly sha256: string };
  };
  readonly revision: string;
}

/**
 * Measures one configuration: one point, all of its repeats in their order, each to its end however overloaded.
 * @throws HeadwayError `invalid-parameter`, or what the handles throw
 */
export async function runBench(
  options: BenchOptions,
  handles: BenchHandles,
  onProgress: (progress: BenchProgress) => void = () => {},
): Promise<BenchResult> {
  validateBench(options);
  const point = pointOf(options);
  const { load, serving } = point;
  const units: MeasuredUnit[] = [];
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    const progress = (done: number, total: number) => onProgress({ done, total, repeat });
    units.push(await measureUnit({ point, repeat }, handles, false, progress));
  }
  const { adapter, model } = handles.served;
  const summary: BenchSummary = {
    config: { ...serving, ...load },
    seed: load.seed,
    repeats: units.length,
    ...medianSummary(units.map((unit) => unit.summary)),
    p95_ms_by_repeat: units.map((unit) => unit.summary.latency_ms?.p95 ?? null),
    counters: worstRun(units).counters,
    adapter: { kind: adapter.kind, name: adapter.name, software: adapter.software },
    model: { name: model.name, sha256: model.sha256 },
    revision: handles.revision,
    started_at: units[0]?.started_at ?? handles.now(),
    finished_at: units.at(-1)?.finished_at ?? handles.now(),
  };
  return {
    summary,
    records: units.map((unit) => unit.records),
    options,
    warmupRequests: units[0]?.warmup_requests ?? 0,
    clipped: units.reduce((sum, unit) => sum + unit.clipped, 0),
    trace: units[0]?.trace ?? null,
    endedEarly: units.find(({ ended_early }) => ended_early !== null)?.ended_early ?? null,
    disturbed: DISTURBANCES.filter((one) => units.some(({ disturbed }) => disturbed?.includes(one))),
  };
}

function pointOf({ serving, load, slo, requests, durationS }: BenchOptions): PlannedPoint {
  return {
    id: 'bench',
    label: 'bench',
    serving: changeServingConfig(DEFAULT_SERVING_CONFIG, serving),
    load: changeLoadConfig(DEFAULT_LOAD_CONFIG, load),
    slo,
    requests,
    durationS,
    baseline: false,
  };
}
