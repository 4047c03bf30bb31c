import type { ExperimentRun, MeasuredUnit, PlannedPoint } from '../core/experiment';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import type { RequestId } from '../core/request';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { EventCounter } from '../metrics/counters';
import { RunRecorder } from '../metrics/run-recorder';
import { Scheduler } from '../scheduler/scheduler';
import { LoadGenerator } from '../traffic/load-generator';
import { RequestSource, type Workload } from '../traffic/request-source';
import { createRng } from '../traffic/rng';
import { type CostModel, SimulatedBackend } from './simulated-backend';
import { VirtualClock } from './virtual-clock';

const COST: CostModel = { passMs: 4, prefillTokenMs: 0.1, decodeRowMs: 0.4 };
const WORKLOAD: Workload = {
  contextLength: 64,
  prompts: Array.from({ length: 24 }, (_, i) => Array.from({ length: 3 + (i % 9) }, (_, j) => 1 + i + j)),
};
const EPOCH = Date.UTC(2026, 0, 2, 3, 4, 5);
const isoAt = (ms: number) => new Date(EPOCH + ms).toISOString();

/** A point with defaults for what is not said: 50 requests of 8 clients, answers of 8 tokens. */
export function simulatedPoint(
  id: string,
  {
    serving = {},
    load = {},
    ...rest
  }: Partial<Omit<PlannedPoint, 'serving' | 'load'>> & {
    readonly serving?: Partial<ServingConfig>;
    readonly load?: Partial<LoadConfig>;
  } = {},
): PlannedPoint {
  return {
    id,
    label: id,
    serving: { ...DEFAULT_SERVING_CONFIG, policy: 'static', ...serving },
    load: { ...DEFAULT_LOAD_CONFIG, outputTokens: 8, ...load },
    slo: { p95Ms: null, ttftMs: null },
    requests: 50,
    durationS: null,
    baseline: false,
    ...rest,
  };
}

/**
 * A finished experiment, measured point by point by the real scheduler under the real load on a model that costs time
 * only, in virtual time: the same figures every time, at once.
 * @param turn lets everything that is ready run until it waits; the host's way
 */
export async function simulatedRun(
  turn: () => Promise<void>,
  points: readonly PlannedPoint[],
  changes: Partial<ExperimentRun> & { readonly cost?: CostModel } = {},
): Promise<ExperimentRun> {
  const { cost = COST, ...given } = changes;
  const { repeats = 2, seed = 1 } = given;
  const clock = new VirtualClock(turn);
  const units: MeasuredUnit[] = [];
  for (const point of points) {
    for (let repeat = 1; repeat <= repeats; repeat++) {
      units.push(await simulateUnit(clock, cost, point, repeat, seed + repeat - 1));
    }
  }
  return {
    format: 'headway-experiment',
    version: 1,
    id: 'simulated',
    name: 'Simulated',
    experiment: 'grid',
    title: 'A simulated experiment',
    says: 'What the scheduler does on a model that costs time only.',
    environment: {
      adapter: { kind: 'simulated', name: 'Simulation', software: false },
      model: { name: 'simulated', sha256: '0'.repeat(64) },
      revision: 'test',
      browser: 'none',
      libraries: {},
      arguments: [],
    },
    status: { kind: 'finished' },
    seed,
    repeats,
    axes: ['maxBatch', 'maxWaitMs'],
    points,
    units,
    started_at: isoAt(0),
    finished_at: isoAt(clock.now()),
    ...given,
  };
}

async function simulateUnit(
  clock: VirtualClock,
  cost: CostModel,
  point: PlannedPoint,
  repeat: number,
  seed: number,
): Promise<MeasuredUnit> {
  const load = { ...point.load, seed };
  const recorder = new RunRecorder();
  const counter = new EventCounter();
  const source = new RequestSource(WORKLOAD, createRng(seed));
  const started = clock.now();
  let ids = 0;
  const scheduler = new Scheduler({
    backend: new SimulatedBackend({ clock, cost, contextLength: WORKLOAD.contextLength }),
    clock,
    config: point.serving,
    emit: (event) => {
      recorder.fold(event);
      counter.fold(event);
      if (event.type === 'settled') generator.settled(event.id, event.settlement.outcome, event.at);
    },
  });
  const generator = new LoadGenerator({
    clock,
    config: load,
    rng: createRng(seed),
    limit:
      point.requests === null ? { durationMs: (point.durationS ?? 0) * 1000 } : { requests: point.requests },
    next: () => source.next(++ids, load),
    send: ({ request, scheduled, sent }) => {
      const { id, prompt, sequences } = request;
      recorder.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
      scheduler.submit(request);
    },
    abandon: (id: RequestId) => scheduler.cancel(id),
  });
  await clock.run();
  await generator.done;
  return {
    point: point.id,
    repeat,
    started_at: isoAt(started),
    finished_at: isoAt(clock.now()),
    summary: recorder.summary(point.slo, generator.meanGapMs),
    records: recorder.records(),
    batch_fill: recorder.batchFill,
    counters: counter.counts,
    clipped: source.clipped,
    warmup_requests: 0,
    trace: null,
    ended_early: null,
  };
}
