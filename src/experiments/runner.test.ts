import { describe, expect, it } from 'vitest';
import { simulatedPage } from '../../testing/simulated-page';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun, MeasuredUnit, RunEnvironment } from '../core/experiment';
import type { Experiment } from './experiment';
import { beginRun, combinations, plannedPoint, type SettingChanges, unitsLeft } from './experiment';
import { batchSweepCsv } from './files';
import { ExperimentRunner, type RunnerHandles, type RunnerProgress } from './runner';

const environment: RunEnvironment = {
  adapter: { kind: 'simulated', name: 'Simulation', software: false },
  model: { name: 'mini-gpt', sha256: 'abc' },
  revision: 'r1',
  browser: 'Node',
  libraries: {},
  arguments: [],
};

const experiment: Experiment = {
  name: 'grid',
  title: 'Batches',
  says: 'Sizes of static batches.',
  minutes: null,
  seed: 3,
  repeats: 2,
  axes: ['maxBatch'],
  points: combinations({ maxBatch: [1, 2, 4, 8] }).map((changes) =>
    plannedPoint({ base: { policy: 'static', concurrency: 12, outputTokens: 8 }, requests: 40 }, changes),
  ),
};

const begin = (of: Experiment = experiment, id = 'run-1') =>
  beginRun(of, environment, { id, now: '2026-01-02T00:00:00.000Z' });

/** A runner on a simulated page, and everything that it said. */
function runner(run: ExperimentRun, changes: Partial<RunnerHandles> = {}, of: Pick<Experiment, 'next'> = {}) {
  const page = simulatedPage();
  const kept: ExperimentRun[] = [];
  const units: MeasuredUnit[] = [];
  const progress: RunnerProgress[] = [];
  const handles: RunnerHandles = {
    ...page,
    keep: async (state, unit) => {
      kept.push(state);
      if (unit) units.push(unit);
    },
    onProgress: (news) => progress.push(news),
    ...changes,
  };
  return { runner: new ExperimentRunner(of, run, handles), page, kept, units, progress };
}

const names = (units: readonly MeasuredUnit[]) => units.map(({ point, repeat }) => `${point} ${repeat}`);

describe('the order of measurement', () => {
  it('holds every unit once, a point’s repeats in turn, mixed by the seed and the same for the same seed', () => {
    const order = (seed: number) =>
      unitsLeft({ ...begin(), seed, repeats: 3 }).map(({ point, repeat }) => `${point.id} ${repeat}`);
    const [first, other] = [order(3), order(4)];
    expect(first).toEqual(order(3));
    expect(first).not.toEqual(other);
    expect(first).toHaveLength(12);
    expect(first.toSorted()).toEqual(other.toSorted());
    for (const { id } of experiment.points) {
      expect(first.filter((unit) => unit.startsWith(`${id} `))).toEqual([`${id} 1`, `${id} 2`, `${id} 3`]);
    }
    // A point's repeats are spread: the first half of the time is not that of half of the points.
    expect(new Set(first.slice(0, 6).map((unit) => unit.split(' ')[0])).size).toBeGreaterThan(2);
  });
});

describe('a run', () => {
  it('measures every unit under its setting, keeps each as it is finished, and ends finished', async () => {
    const { runner: conductor, kept, units } = runner(begin());
    const run = await conductor.go();
    expect(run.status).toEqual({ kind: 'finished' });
    expect(run.units).toEqual(units);
    expect(names(units)).toEqual(unitsLeft(begin()).map(({ point, repeat }) => `${point.id} ${repeat}`));
    for (const { summary, ended_early, records, point } of units) {
      expect(summary).toMatchObject({ requests: 40, ok: 40 });
      expect(records).toHaveLength(40);
      expect(ended_early).toBeNull();
      const most = Number(point.split('-').at(-1));
      expect(Math.max(...records.map(({ batchSize }) => batchSize ?? 0))).toBe(most);
    }
    expect(kept.map(({ units: { length } }) => length)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]);
    expect(run.finished_at).toBe(units.at(-1)?.finished_at);
  });

  it('meets the same requests in each point, and gives the same figures to the last digit when it runs again', async () => {
    const [first, second] = [await runner(begin()).runner.go(), await runner(begin()).runner.go()];
    expect(second.units).toEqual(first.units);
    const asked = (unit: MeasuredUnit) =>
      unit.records.map(({ promptTokens, outputTokens }) => [promptTokens, outputTokens]);
    for (const repeat of [1, 2]) {
      const [one, ...others] = first.units.filter((unit) => unit.repeat === repeat);
      for (const other of others) expect(asked(other)).toEqual(one && asked(one));
    }
  });

  it('tells what it measures, how far it is, and how long it will take', async () => {
    const { runner: conductor, progress } = runner(begin());
    const run = await conductor.go();
    const [first] = progress;
    expect(first).toMatchObject({ done: 0, total: 40, repeat: 1, remainingMs: null });
    const told = progress.filter(({ remainingMs }) => remainingMs !== null);
    const half = told.find(({ run: { units } }) => units.length === 4);
    const end = Date.parse(run.finished_at ?? '');
    const left = end - Date.parse(half?.run.units.at(-1)?.finished_at ?? '');
    // At the mean pace of four of eight units, in any order: right within the spread of the units.
    expect(half?.remainingMs).toBeGreaterThan(left / 4);
    expect(half?.remainingMs).toBeLessThan(left * 4);
    const last = told
      .filter(({ run: { units } }) => units.length === 7)
      .map(({ remainingMs }) => remainingMs ?? 0);
    expect(last).toEqual(last.toSorted((a, b) => b - a));
  });

  it('pauses after the present unit, and goes on from there as it would have', async () => {
    const whole = await runner(begin()).runner.go();
    const paused = runner(begin(), {
      onProgress: ({ run }) => {
        if (run.units.length === 2) paused.runner.pause();
      },
    });
    const half = await paused.runner.go();
    expect(half.status).toEqual({ kind: 'paused' });
    expect(half.finished_at).toBeNull();
    expect(half.units).toHaveLength(3);
    const resumed = await runner(half).runner.go();
    expect(resumed.status).toEqual({ kind: 'finished' });
    expect(names(resumed.units)).toEqual(names(whole.units));
  });

  it('goes on with what was kept when the page was closed in the middle', async () => {
    const { runner: conductor, kept } = runner(begin());
    const whole = await conductor.go();
    const found = structuredClone(kept[5]);
    if (!found) throw new Error('Nothing was kept.');
    expect(found.status).toEqual({ kind: 'running' });
    expect(names((await runner(found).runner.go()).units)).toEqual(names(whole.units));
  });

  it('is cancelled at once: the present unit is dropped, the others stay', async () => {
    const world = runner(begin(), {
      onProgress: ({ run, done }) => {
        if (run.units.length === 2 && done > 0) void world.runner.cancel();
      },
    });
    const run = await world.runner.go();
    expect(run.status).toEqual({ kind: 'cancelled' });
    expect(run.units).toHaveLength(2);
    expect(run.finished_at).not.toBeNull();
  });

  it('cancelled between two units begins no further one', async () => {
    const world = runner(begin(), {
      keep: async (run) => {
        if (run.units.length === 1) await world.runner.cancel();
      },
    });
    const run = await world.runner.go();
    expect([run.status.kind, run.units.length]).toEqual(['cancelled', 1]);
  });

  it('keeps a unit that its setting does not allow, with the reason, and goes on', async () => {
    const page = simulatedPage();
    const { runner: conductor } = runner(begin(), {
      ...page,
      configure: async (config) => {
        if (config.maxBatch === 4)
          throw new HeadwayError('cache-too-large', '4 slots were asked for; 2 fit.');
        return page.configure(config);
      },
    });
    const run = await conductor.go();
    expect(run.status).toEqual({ kind: 'finished' });
    const failed = run.units.filter(({ ended_early }) => ended_early !== null);
    expect(failed.map(({ point, ended_early }) => [point, ended_early])).toEqual(
      [1, 2].map(() => ['max-batch-4', 'It could not be measured: 4 slots were asked for; 2 fit.']),
    );
    expect(failed[0]?.summary).toMatchObject({ requests: 0, ok: 0, throughput_rps: null, latency_ms: null });
    expect(run.units).toHaveLength(8);
  });

  it('stops with the reason when the server is gone, and can be gone on with', async () => {
    const page = simulatedPage();
    let measured = 0;
    const { runner: conductor } = runner(begin(), {
      ...page,
      measure: (run, onProgress) => {
        measured += 1;
        if (measured < 4) return page.measure(run, onProgress);
        throw new HeadwayError('worker-failed', 'The serving worker failed: out of memory.');
      },
    });
    const run = await conductor.go();
    expect(run.status).toEqual({ kind: 'failed', reason: 'The serving worker failed: out of memory.' });
    expect(run.units).toHaveLength(3);
    expect((await runner(run).runner.go()).units).toHaveLength(8);
  });
});

describe('a point that is hopelessly overloaded', () => {
  it('is ended early, says so, and counts what was under way as cancelled; the others are measured to their end', async () => {
    const changes: SettingChanges[] = [{ rate: 20 }, { rate: 400 }];
    const common = {
      base: { policy: 'sequential', arrival: 'poisson', outputTokens: 8, maxQueue: 100_000 },
      durationS: 30,
    } as const;
    const points = changes.map((one) => plannedPoint(common, one));
    const { runner: conductor } = runner(begin({ ...experiment, axes: ['rate'], repeats: 1, points }));
    const run = await conductor.go();
    const [calm, flooded] = ['rate-20', 'rate-400'].map((id) => run.units.find(({ point }) => point === id));
    expect(calm?.ended_early).toBeNull();
    expect(calm?.summary.ok).toBe(calm?.summary.requests);
    expect(flooded?.ended_early).toMatch(
      /^Ended early: .* requests a second came and \d+ a second were settled/,
    );
    // Every request that was sent has a row and an outcome: 400 a second came until it was ended.
    const { requests = 0, ok = 0, cancelled = 0 } = flooded?.summary ?? {};
    expect(ok + cancelled).toBe(requests);
    expect(flooded?.records).toHaveLength(requests);
    expect(ok).toBeGreaterThan(100);
    expect(cancelled).toBeGreaterThan(3 * ok);
    expect(
      batchSweepCsv(run)
        .trim()
        .split('\n')
        .map((line) => line.split(',').at(-2)),
    ).toEqual(['ended_early', 'false', 'true']);
    const seconds = (Date.parse(flooded?.finished_at ?? '') - Date.parse(flooded?.started_at ?? '')) / 1000;
    expect(seconds).toBeLessThan(10);
  });
});

describe('an experiment that goes on from what it found', () => {
  const doubling: Experiment = {
    ...experiment,
    points: experiment.points.slice(0, 1),
    next: ({ points }) => {
      const maxBatch = (points.at(-1)?.serving.maxBatch ?? 0) * 2;
      return maxBatch > 4 ? [] : [plannedPoint({ base: { policy: 'static' }, requests: 20 }, { maxBatch })];
    },
  };

  it('plans further points when the present ones are measured, under its own seed', async () => {
    const { runner: conductor } = runner(begin(doubling), {}, doubling);
    const run = await conductor.go();
    expect(run.points.map(({ id }) => id)).toEqual(['max-batch-1', 'max-batch-2', 'max-batch-4']);
    expect(names(run.units)).toEqual([1, 2, 4].flatMap((n) => [`max-batch-${n} 1`, `max-batch-${n} 2`]));
    expect(run.points.every(({ load }) => load.seed === 3)).toBe(true);
  });

  it('goes on the same way after a reload', async () => {
    const { runner: conductor, kept } = runner(begin(doubling), {}, doubling);
    const whole = await conductor.go();
    const found = kept.find(({ units }) => units.length === 3);
    const resumed = await runner(structuredClone(found ?? begin()), {}, doubling).runner.go();
    expect(resumed.points).toEqual(whole.points);
    expect(names(resumed.units)).toEqual(names(whole.units));
  });
});
