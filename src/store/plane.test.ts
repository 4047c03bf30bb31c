import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { createAppStore } from './app-state';
import { keepPoints } from './kept-points';
import { EMPTY_PICTURE, type FinishedSetting, type OperatingPoint, operatingPoint } from './operating-point';
import { paretoFront, planeOf } from './plane';
import { labelParts } from './setting-label';
import { type Settings, START_SETTINGS } from './settings';

const example = operatingPoint(snapshotAt(0)) as OperatingPoint;
const point = (
  throughput_rps: number,
  p95Ms: number,
  changes: Partial<OperatingPoint> = {},
): OperatingPoint => ({
  ...example,
  throughput_rps,
  p95Ms,
  ...changes,
});

describe('the Pareto front', () => {
  it('is what no other point beats in both, in the order of throughput', () => {
    const [slow, best, fast, worse] = [point(10, 20), point(40, 30), point(60, 90), point(39, 31)];
    expect(paretoFront([fast, worse, slow, best])).toEqual([slow, best, fast]);
    expect(paretoFront([point(40, 30), point(40, 25)])).toEqual([point(40, 25)]);
    expect(paretoFront([point(40, 30), point(45, 30)])).toEqual([point(45, 30)]);
    expect(paretoFront([best, best])).toEqual([best, best]);
    expect(paretoFront([])).toEqual([]);
  });

  it('leaves out points that lost requests, are overloaded or have not settled: they beat no other point', () => {
    const honest = point(40, 30);
    const flattered = [{ lostShare: 0.1 }, { saturation: 'overloaded' as const }, { settled: false }];
    for (const changes of flattered) expect(paretoFront([honest, point(80, 10, changes)])).toEqual([honest]);
  });

  it('holds for any points: a point on it is beaten by none, a point off it by one that is on it', () => {
    const any = fc.array(
      fc.record({ x: fc.integer({ min: 1, max: 30 }), y: fc.integer({ min: 1, max: 30 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(any, (pairs) => {
        const points = pairs.map(({ x, y }) => point(x, y));
        const front = paretoFront(points);
        const atLeast = (a: OperatingPoint, b: OperatingPoint) =>
          a.throughput_rps >= b.throughput_rps && a.p95Ms <= b.p95Ms;
        for (const other of points) expect(front.some((best) => atLeast(best, other))).toBe(true);
        for (const [i, best] of front.entries()) {
          const before = front[i - 1];
          if (before) expect(best.p95Ms).toBeGreaterThanOrEqual(before.p95Ms);
        }
      }),
    );
  });
});

type Changes = { readonly serving?: Partial<Settings['serving']>; readonly load?: Partial<Settings['load']> };

let ids = 0;
function finished({ serving, load }: Changes, rps = 40, p95 = 120): FinishedSetting {
  const settings = {
    ...START_SETTINGS,
    serving: { ...START_SETTINGS.serving, ...serving },
    load: { ...START_SETTINGS.load, ...load },
  };
  const setting = { model: settings.model, adapter: 'wasm', serving: settings.serving, load: settings.load };
  ids += 1;
  return { id: ids, parts: labelParts(settings, 'wasm'), setting, point: point(rps, p95) };
}

const closed = (policy: 'static' | 'sequential' | 'continuous', concurrency: number) =>
  finished({ serving: { policy }, load: { arrival: 'closed', concurrency } });

describe('the plane', () => {
  it('joins settings that differ in one quantity, in its order', () => {
    const all = [32, 2, 8].map((maxBatch) => finished({ serving: { policy: 'static', maxBatch } }));
    const { curves } = planeOf({ ...EMPTY_PICTURE, finished: all });
    expect(curves.map(({ points }) => points.map(({ label }) => label))).toEqual([
      ['batch 2', 'batch 8', 'batch 32'],
    ]);
  });

  it('has a curve per setting family, named by what tells it from the others, with the policy of its points', () => {
    const all = [
      closed('static', 4),
      closed('continuous', 16),
      closed('static', 16),
      closed('continuous', 4),
    ];
    const { curves } = planeOf({ ...EMPTY_PICTURE, finished: all });
    expect(
      curves.map(({ policy, label, points }) => [policy, label, points.map((one) => one.label)]),
    ).toEqual([
      ['static', 'static', ['4 clients', '16 clients']],
      ['continuous', 'continuous', ['4 clients', '16 clients']],
    ]);
    expect(curves[0]?.points[0]?.setting).toEqual(all[0]?.setting);
  });

  it('knows settings by all values that have an effect, not only by those that every label names', () => {
    const grid = [0, 500].flatMap((timeoutMs) =>
      [2, 8].map((maxBatch) => finished({ serving: { maxBatch, timeoutMs } })),
    );
    const { curves } = planeOf({ ...EMPTY_PICTURE, finished: grid });
    expect(curves.map(({ points }) => points.map(({ label }) => label))).toEqual([
      ['batch 2', 'batch 8'],
      ['batch 2', 'batch 8'],
    ]);
    expect(curves[1]?.label).toContain('Timeout 500 ms');
    expect(new Set(curves.map(({ key }) => key)).size).toBe(2);
    expect(curves[1]?.points[0]?.title).toBe('continuous · batch 2 · 5 req/s · Timeout 500 ms');
  });

  it('names a family that has nothing of its own by its policy alone', () => {
    const all = [0, 20].flatMap((maxWaitMs) =>
      [2, 8].map((maxBatch) => finished({ serving: { policy: 'static', maxBatch, maxWaitMs } })),
    );
    const labels = planeOf({ ...EMPTY_PICTURE, finished: all }).curves.map(({ label }) => label);
    for (const label of labels) expect(label.match(/static/g)).toHaveLength(1);
    expect(new Set(labels).size).toBe(2);
  });

  it('joins nothing across policies', () => {
    const all = [
      finished({ serving: { policy: 'static', maxBatch: 2 } }),
      finished({ serving: { policy: 'continuous', maxBatch: 4 } }),
    ];
    const { curves } = planeOf({ ...EMPTY_PICTURE, finished: all });
    expect(curves.map(({ points }) => points.length)).toEqual([1, 1]);
  });

  it('draws the present point in the curve of its family and in the place of its former one', () => {
    const [eight, sixteen] = [closed('static', 8), closed('static', 16)];
    const { parts, setting } = sixteen;
    const picture = { ...EMPTY_PICTURE, parts, setting, present: point(50, 90), finished: [eight, sixteen] };
    const { curves, now } = planeOf(picture);
    expect(curves).toHaveLength(1);
    expect(curves[0]?.points.map(({ x }) => x)).toEqual([40, 50]);
    expect(now).toBe(curves[0]?.points[1]);
  });

  it('draws overlays beneath what was measured', () => {
    const overlay = {
      id: 'twin',
      name: 'Twin',
      curves: [{ key: 'p', kind: 'predicted' as const, policy: null, label: 'Twin', points: [] }],
    };
    expect(planeOf(EMPTY_PICTURE, [overlay]).curves).toEqual(overlay.curves);
  });
});

describe('kept points', () => {
  const shelf = (text: string | null) => ({
    text,
    read() {
      return this.text;
    },
    write(next: string) {
      this.text = next;
    },
  });

  it('are there again on the next visit, and new ones do not take their numbers', () => {
    const own = shelf(null);
    const first = createAppStore(START_SETTINGS);
    keepPoints(first, own);
    const all = [closed('static', 4), closed('continuous', 16)];
    first.setState(({ picture }) => ({ picture: { ...picture, finished: all } }));
    const second = createAppStore(START_SETTINGS);
    keepPoints(second, own);
    const { picture } = second.getState();
    expect(picture.finished).toEqual(all);
    expect(picture.nextId).toBeGreaterThan(Math.max(...all.map(({ id }) => id)));
  });

  it('that are damaged are left out, one by one', () => {
    const good = closed('static', 4);
    const refused = { ...good, setting: { ...good.setting, serving: { maxBatch: -3 } } };
    const text = JSON.stringify({ version: 1, finished: [{ id: 'x' }, refused, good] });
    const store = createAppStore(START_SETTINGS);
    keepPoints(store, shelf(text));
    expect(store.getState().picture.finished).toEqual([good]);
    for (const broken of ['', '{', '{"version":2}']) {
      keepPoints(store, shelf(broken));
      expect(store.getState().picture.finished).toEqual([]);
    }
  });
});
