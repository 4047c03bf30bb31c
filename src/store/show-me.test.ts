import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { simulatedClassroom } from '../../testing/simulated-classroom';
import { isFirstVisit, sentenceOf, startsByItself } from './show-me';

const GPU = { passMs: 4, prefillTokenMs: 0.02, decodeRowMs: 0.1 };
const SLOW = { passMs: 900, prefillTokenMs: 5, decodeRowMs: 20 };

describe('the 30 seconds', () => {
  test('go through three policies, leave a curve for each, and end with what was measured', async () => {
    const room = await simulatedClassroom(GPU);
    const started = room.now();
    await room.during(room.show.start());
    expect(room.show.store.getState()).toEqual({
      kind: 'said',
      isClear: true,
      says: expect.stringMatching(
        /^Continuous serves \d+(\.\d)? × the requests of sequential at (half|0\.\d+ ×) the p95, here, on CPU \(WASM\)\.$/,
      ),
    });
    expect((room.now() - started) / 1000).toBeGreaterThan(28);
    expect((room.now() - started) / 1000).toBeLessThan(33);
    const { picture, settings, load } = room.store.getState();
    const policies = picture.finished.map(({ setting }) => setting?.serving.policy);
    expect(policies.filter((policy) => policy === 'sequential')).toHaveLength(3);
    expect(policies.filter((policy) => policy === 'static')).toHaveLength(3);
    expect([settings.serving.policy, settings.load.concurrency, load.status]).toEqual([
      'continuous',
      32,
      'running',
    ]);
  });

  test('give the settings back when they are skipped, and begin again', async () => {
    const room = await simulatedClassroom(GPU);
    const { settings } = room.store.getState();
    const running = room.show.start();
    await room.pass(5);
    expect(room.show.store.getState()).toMatchObject({ kind: 'running', policy: 'sequential', clients: 16 });
    await room.during(room.show.stop());
    await running;
    expect(room.show.store.getState()).toEqual({ kind: 'idle' });
    expect(room.store.getState().settings).toEqual(settings);
    await room.during(room.show.start());
    expect(room.show.store.getState().kind).toBe('said');
  });

  test('end where a setting is changed, or where the model is too slow for them', async () => {
    const room = await simulatedClassroom(GPU);
    const running = room.show.start();
    await room.pass(2);
    await room.actions.configure({ serving: { maxBatch: 4 } });
    await room.during(running);
    expect(room.show.store.getState()).toMatchObject({
      kind: 'failed',
      says: expect.stringMatching(/setting was changed/),
    });
    const slow = await simulatedClassroom(SLOW);
    await slow.during(slow.show.start());
    expect(slow.show.store.getState()).toMatchObject({
      kind: 'failed',
      says: expect.stringMatching(/too slow here for 30 seconds/),
    });
  });
});

describe('its sentence', () => {
  const shown = (rps: number, p95Ms: number, spread = 0.05) => ({
    rps,
    rpsRange: [rps * (1 - spread), rps * (1 + spread)] as const,
    p95Ms,
    p95Interval: [p95Ms * 0.9, p95Ms * 1.1] as const,
  });

  test('says how many times as many requests, and at what part of the p95', () => {
    const all = [
      { policy: 'sequential' as const, ...shown(50, 600) },
      { policy: 'continuous' as const, ...shown(105, 300) },
    ];
    expect(sentenceOf(all, 'CPU (WASM)')).toEqual({
      isClear: true,
      says: 'Continuous serves 2.1 × the requests of sequential at half the p95, here, on CPU (WASM).',
    });
  });

  test('says that it is not clear where the spreads overlap', () => {
    const all = [
      { policy: 'sequential' as const, ...shown(50, 600, 0.2) },
      { policy: 'continuous' as const, ...shown(60, 500, 0.2) },
    ];
    expect(sentenceOf(all, 'here')).toMatchObject({
      isClear: false,
      says: expect.stringMatching(/^Not clear on this machine: .*40.0 to 60.0/),
    });
  });
});

test('it starts by itself on a first visit only, and never with settings, without the load, or under a program', () => {
  const visit = { isFirst: true, hasSettings: false, autostart: true, showMe: false, isDriven: false };
  expect(startsByItself(visit)).toBe(true);
  for (const change of [
    { isFirst: false },
    { hasSettings: true },
    { autostart: false },
    { isDriven: true },
  ]) {
    expect(startsByItself({ ...visit, ...change })).toBe(false);
    expect(startsByItself({ ...visit, ...change, showMe: true })).toBe(true);
  }
  const kept: string[] = [];
  const shelf = { read: () => kept[0] ?? null, write: (text: string) => void kept.push(text) };
  expect([isFirstVisit(shelf), isFirstVisit(shelf)]).toEqual([true, false]);
});
