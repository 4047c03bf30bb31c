import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { appendMark, appendPoint, lostRps, type Mark, markLabel, type SeriesPoint } from './series';

describe('appendPoint', () => {
  it('keeps two points a second of four updates, for a bounded time', () => {
    let series: readonly SeriesPoint[] = [];
    for (let at = 0; at < 300_000; at += 250) series = appendPoint(series, snapshotAt(at));
    expect(series.length).toBeGreaterThan(150);
    expect(series.length).toBeLessThanOrEqual(300);
    expect(series.at(-1)?.at).toBeGreaterThan(299_000);
  });

  it('returns the very same series when nothing was added', () => {
    const series = appendPoint([], snapshotAt(1000));
    expect(appendPoint(series, snapshotAt(1200))).toBe(series);
  });

  it('keeps what was not measured as a gap', () => {
    const [point] = appendPoint([], snapshotAt(0, { latency_ms: null, throughput_rps: null }));
    expect(point).toMatchObject({ p95Ms: null, completedRps: null });
  });
});

describe('lostRps', () => {
  it('counts every outcome but completed, per second of the window', () => {
    expect(lostRps(snapshotAt(0, { requests: 40, ok: 10, windowMs: 5000 }))).toBe(6);
  });

  it('is null where nothing ended', () => {
    expect(lostRps(snapshotAt(0, { requests: 0, ok: 0 }))).toBeNull();
  });
});

describe('appendMark', () => {
  const change = (at: number, name: string, from: number, to: number): Mark => ({
    at,
    changes: [{ name, from: String(from), to: String(to) }],
  });
  const marked = (...marks: readonly Mark[]) => marks.reduce<readonly Mark[]>(appendMark, []).map(markLabel);

  it('makes one mark of a dragged slider', () => {
    const dragged = [
      change(0, 'Max batch', 8, 16),
      change(300, 'Max batch', 16, 32),
      change(600, 'Max batch', 32, 64),
    ];
    expect(marked(...dragged)).toEqual(['Max batch 8 → 64']);
  });

  it('makes none of a slider that came back', () => {
    expect(marked(change(0, 'Rate', 5, 10), change(300, 'Rate', 10, 5))).toEqual([]);
  });

  it('keeps both words of two changes at once, and two marks of two changes', () => {
    expect(marked(change(0, 'Seed', 1, 2), change(100, 'Rate', 5, 10))).toEqual(['Seed 1 → 2, Rate 5 → 10']);
    expect(marked(change(0, 'Rate', 5, 10), change(5000, 'Rate', 10, 20))).toHaveLength(2);
  });

  it('forgets marks that the charts no longer show', () => {
    expect(marked(change(0, 'Rate', 5, 10), change(500_000, 'Rate', 10, 20))).toEqual(['Rate 10 → 20']);
  });
});
