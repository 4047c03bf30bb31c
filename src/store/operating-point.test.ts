import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { initialState } from './app-state';
import {
  changeSetting,
  clearFinished,
  EMPTY_PICTURE,
  finishSetting,
  type Picture,
  removeFinished,
  seeSnapshot,
} from './operating-point';
import { seeUpdate } from './reducers';
import { START_SETTINGS } from './settings';

const settle = (picture: Picture, from: number, changes = {}) =>
  seeSnapshot(picture, snapshotAt(from + 5000, { windowMs: 4000, ...changes }));

describe('the picture', () => {
  const first = changeSetting(EMPTY_PICTURE, ['static', 'batch 8'], null, 0);

  it('shows the present point, and leaves a trail once it has settled', () => {
    const early = seeSnapshot(first, snapshotAt(1000, { windowMs: 900 }));
    expect(early.present).toMatchObject({ p95Ms: 120, settled: false });
    expect(early.trail).toEqual([]);
    expect(settle(early, 0).trail).toHaveLength(1);
  });

  it('ignores a window that began under the setting before', () => {
    const later = changeSetting(settle(first, 0), ['static', 'batch 16'], null, 6000);
    expect(seeSnapshot(later, snapshotAt(6100, { windowMs: 5000 })).present).toBeNull();
    expect(seeSnapshot(later, snapshotAt(6400, { windowMs: 300 })).present).not.toBeNull();
  });

  it('keeps the settled point of a setting that another replaced', () => {
    const later = changeSetting(settle(first, 0), ['static', 'batch 16'], null, 6000);
    expect(later.finished).toMatchObject([{ parts: ['static', 'batch 8'], point: { p95Ms: 120 } }]);
  });

  it('keeps nothing of a setting that never settled', () => {
    const brief = seeSnapshot(first, snapshotAt(500, { windowMs: 400 }));
    expect(changeSetting(brief, ['static', 'batch 16'], null, 600).finished).toEqual([]);
  });

  it('replaces the former point of a setting that is seen again', () => {
    const away = changeSetting(settle(first, 0), ['static', 'batch 16'], null, 6000);
    const back = settle(changeSetting(away, ['static', 'batch 8'], null, 7000), 7000, { throughput_rps: 55 });
    const { finished } = finishSetting(back);
    expect(finished).toHaveLength(1);
    expect(finished[0]?.point.throughput_rps).toBe(55);
  });

  it('counts what did not complete', () => {
    expect(settle(first, 0, { requests: 100, ok: 75 }).present?.lostShare).toBe(0.25);
  });

  it('has no point where nothing completed', () => {
    expect(settle(first, 0, { latency: null, throughput_rps: null }).present).toBeNull();
  });

  it('forgets finished settings one by one or all at once', () => {
    const later = changeSetting(settle(first, 0), ['static', 'batch 16'], null, 6000);
    expect(removeFinished(later, later.finished[0]?.id ?? 0).finished).toEqual([]);
    expect(clearFinished(later)).toMatchObject({ finished: [], trail: [], parts: later.parts });
  });
});

describe('figures of answers under way', () => {
  const running = { ...initialState(START_SETTINGS), load: { status: 'running' as const } };
  const at = (ms: number, tokens: number, decodes: number, changes = {}) => {
    const snapshot = snapshotAt(ms, { latency_ms: null, ...changes });
    return { snapshot: { ...snapshot, counters: { ...snapshot.counters, tokens, decodes } }, samples: [] };
  };

  it('are the pace of tokens and passes since they began, and end with the first complete answer', () => {
    const begun = seeUpdate(running, at(1000, 50, 10));
    expect(begun.early).toMatchObject({ outputTps: null, itlMs: null });
    const later = seeUpdate(begun, at(3000, 90, 15));
    expect(later.early).toMatchObject({ outputTps: 20, itlMs: 400 });
    expect(seeUpdate(later, at(4000, 120, 20, { latency_ms: snapshotAt(0).latency_ms })).early).toBeNull();
  });

  it('are none without a load', () => {
    expect(seeUpdate(initialState(START_SETTINGS), at(1000, 50, 10)).early).toBeNull();
  });
});
