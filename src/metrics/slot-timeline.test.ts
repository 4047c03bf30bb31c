import { expect, test } from 'vitest';
import { request, World } from '../../testing/scheduler/world';
import type { ServingEvent } from '../core/events';
import { POLICIES, type Policy, type ServingConfig } from '../core/serving-config';
import { NO_SLOT, type SlotSpan } from '../core/slots';
import { Ledger } from './ledger';
import { SlotTimeline } from './slot-timeline';
import { SlotWindow } from './slot-window';

const LONG_MS = 1e9;
const NONE = { queued: 0, sealed: 0, running: 0 };

/** Requests of 3 to 24 tokens, more than fit at once, served by the real scheduler in virtual time. */
async function serve(config: Partial<ServingConfig>, tellEveryMs = LONG_MS, count = 24) {
  const world = new World({ maxBatch: 4, maxWaitMs: 0, ...config });
  world.submit(...Array.from({ length: count }, (_, i) => request(i, 3 + ((i * 7) % 22))));
  await world.clock.run();
  return watch(world, tellEveryMs);
}

/** Everything that was said, seen through the fold and put together again. */
function watch(world: World, tellEveryMs: number) {
  const timeline = new SlotTimeline();
  const ledger = new Ledger();
  const window = new SlotWindow(0, LONG_MS);
  let told = 0;
  let cut = 0;
  const tell = (at: number) => {
    const news = timeline.take(at);
    cut += news.cut;
    told += news.spans.length / 5;
    window.add(news);
  };
  let next = tellEveryMs;
  for (const id of world.submitted.keys())
    ledger.sent({ id, scheduled: 0, sent: 0, promptTokens: 3, sequences: 1 });
  for (const entry of world.log) {
    if (entry.type === 'call' || entry.type === 'pass') continue;
    while (entry.at >= next) {
      tell(next);
      next += tellEveryMs;
    }
    const event: ServingEvent = entry;
    ledger.fold(event);
    timeline.fold(event, ledger);
  }
  tell(world.clock.now());
  const end = world.clock.now();
  return { world, window, end, told, cut, spans: window.spans };
}

const ofKind = (spans: readonly SlotSpan[], kind: SlotSpan['kind']) =>
  spans.filter((span) => span.kind === kind);
const slotsOf = (spans: readonly SlotSpan[]) => new Set(spans.map(({ slot }) => slot));

test.each(POLICIES)(
  '%s: one slot does one thing at a time, and only what the steps did',
  async (policy: Policy) => {
    const { spans, world, window, end } = await serve({ policy });
    const steps = world.of('step');
    for (const slot of slotsOf(spans)) {
      if (slot === NO_SLOT) continue;
      const own = spans.filter((span) => span.slot === slot).toSorted((a, b) => a.from - b.from);
      for (const [i, span] of own.entries()) expect(span.from).toBeGreaterThanOrEqual(own[i - 1]?.to ?? 0);
    }
    const busy = (kind: SlotSpan['kind']) =>
      ofKind(spans, kind).reduce((sum, { from, to }) => sum + to - from, 0);
    const spent = (of: (step: (typeof steps)[number]) => number) =>
      steps.reduce((sum, step) => sum + of(step) * (step.at - step.startedAt), 0);
    expect(busy('wasted')).toBeCloseTo(spent(({ rows, useful }) => rows - useful));
    expect(busy('prefill')).toBeCloseTo(spent(({ phase, rows }) => (phase === 'prefill' ? rows : 0)));
    expect(busy('decode')).toBeCloseTo(spent(({ phase, useful }) => (phase === 'decode' ? useful : 0)));
    const shares = window.shares(0, end, 4);
    expect(Object.values(shares ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  },
);

test.each(POLICIES)('%s: each request has its wait, its prefill and its answer', async (policy: Policy) => {
  const { spans, world, window } = await serve({ policy });
  for (const { ids, at } of world.starts()) {
    for (const id of ids) {
      expect(ofKind(spans, 'queue').filter((span) => span.request === id)).toEqual(
        at > 0 ? [{ slot: NO_SLOT, kind: 'queue', request: id, from: 0, to: at }] : [],
      );
    }
  }
  expect(
    ofKind(spans, 'prefill')
      .map((span) => span.request)
      .toSorted((a, b) => a - b),
  ).toEqual([...world.submitted.keys()]);
  const times = window.requests(0);
  expect(times).toHaveLength(24);
  for (const { request: id, queueMs, prefillMs, decodeMs } of times) {
    const { at } = world.endOf(id);
    const started = world.starts().find(({ ids }) => ids.includes(id))?.at ?? 0;
    expect(queueMs ?? 0).toBeCloseTo(started);
    expect(prefillMs + decodeMs).toBeLessThanOrEqual(at - started + 1e-6);
  }
});

test('sequential uses one slot, and wastes nothing', async () => {
  const { spans } = await serve({ policy: 'sequential' });
  expect([...slotsOf(spans)].toSorted((a, b) => a - b)).toEqual([NO_SLOT, 0]);
  expect(ofKind(spans, 'wasted')).toEqual([]);
});

test('static: who ends early is computed on until the longest of the batch has ended', async () => {
  const world = new World({ policy: 'static', maxBatch: 3, maxWaitMs: 0 });
  world.submit(request(1, 4), request(2, 20), request(3, 9));
  await world.clock.run();
  const { spans, window, end } = watch(world, LONG_MS);
  const lastStep = world.of('step').at(-1)?.at;
  expect(world.endOf(2).at).toBe(lastStep);
  for (const [slot, id] of [
    [0, 1],
    [2, 3],
  ] as const) {
    const { at } = world.endOf(id);
    expect(ofKind(spans, 'wasted')).toContainEqual({
      slot,
      kind: 'wasted',
      request: id,
      from: at,
      to: lastStep,
    });
    expect(window.spanAt(slot, at - 1e-6)?.kind).toBe('decode');
    expect(window.spanAt(slot, at + 1e-6)?.kind).toBe('wasted');
  }
  expect(ofKind(spans, 'wasted')).toHaveLength(2);
  expect(window.spanAt(0, end + 1)).toBeNull();
  expect(window.slotsUsed).toBe(3);
});

test('continuous wastes nothing, and a slot is taken again at once', async () => {
  const { spans } = await serve({ policy: 'continuous' });
  expect(ofKind(spans, 'wasted')).toEqual([]);
  expect(slotsOf(spans).size).toBe(5);
});

test('passes that run ahead of the tokens known here are wasted where their request had ended', async () => {
  const world = new World({ policy: 'continuous', maxBatch: 2, maxWaitMs: 0 }, { passesAhead: 1 });
  world.submit(request(1, 5), request(2, 12));
  await world.clock.run();
  const { spans } = watch(world, LONG_MS);
  expect(ofKind(spans, 'wasted').map((span) => span.request)).toEqual([1, 2]);
});

test('the number of spans is that of requests, not of steps', async () => {
  const { world, spans } = await serve({ policy: 'static' }, LONG_MS, 200);
  expect(world.of('step').reduce((rows, step) => rows + step.rows, 0)).toBeGreaterThan(3000);
  expect(spans.length).toBeLessThanOrEqual(200 * 4);
});

test.each(POLICIES)('%s: told piece by piece, it is the same picture', async (policy: Policy) => {
  const once = await serve({ policy });
  const pieces = await serve({ policy }, 13);
  expect(pieces.told).toBeGreaterThan(once.told);
  const sorted = (spans: readonly SlotSpan[]) =>
    spans.toSorted((a, b) => a.from - b.from || a.slot - b.slot || a.request - b.request);
  expect(sorted(pieces.spans)).toEqual(sorted(once.spans));
});

test('waiting: in the queue and in the sealed batch, until it runs', async () => {
  const { window } = await serve({ policy: 'static', channelCapacity: 1 });
  expect(window.mostWaiting).toBeGreaterThanOrEqual(20);
  expect(window.levels.some(({ sealed }) => sealed === 4)).toBe(true);
  expect(window.waiting).toMatchObject({ queued: 0, sealed: 0 });
});

test('a page that takes nothing in makes nothing pile up, and hears how much is missing', () => {
  const timeline = new SlotTimeline();
  for (let i = 0; i < 5000; i++) {
    const [startedAt, at] = [i * 10, i * 10 + 5];
    const places = { slots: [0], members: [i], wasted: [] };
    const written = { ids: [i], tokens: [7], sequences: [0] };
    const figures = { rows: 1, useful: 1, gone: 0, answers: true };
    timeline.fold({ type: 'step', phase: 'decode', startedAt, at, ...figures, ...places, ...written }, NONE);
    timeline.fold({ type: 'enqueued', at, id: i, queued: i }, { queued: i, sealed: 0, running: 0 });
  }
  const news = timeline.take(60_000);
  expect(news.spans.length / 5).toBe(2000);
  expect(news.levels.length / 4).toBe(2000);
  expect(news.cut).toBe(3000);
  const window = new SlotWindow(0, LONG_MS);
  window.add(news);
  expect(window.isCut(59_000)).toBe(true);
  expect(window.isCut(60_000)).toBe(false);
  expect(timeline.take(60_001)).toMatchObject({ cut: 0, spans: new Float64Array() });
});

test('what is older than the window is forgotten; the level that holds is kept', async () => {
  const { world } = await serve({ policy: 'static' });
  const timeline = new SlotTimeline();
  for (const entry of world.log)
    if (entry.type !== 'call' && entry.type !== 'pass')
      timeline.fold(entry, { queued: 3, sealed: 1, running: 0 });
  const window = new SlotWindow(0, 100);
  window.add(timeline.take(world.clock.now()));
  window.add(timeline.take(world.clock.now() + 1000));
  expect(window.spans).toEqual([]);
  expect(window.levels).toEqual([{ at: expect.any(Number), queued: 3, sealed: 1, running: 0 }]);
  expect(window.shares(0, 0, 4)).toBeNull();
});

test('a pass that is under way is neither work nor free until it has been told', () => {
  const timeline = new SlotTimeline();
  const written = { ids: [1], tokens: [7], sequences: [0], slots: [0], members: [1], wasted: [] };
  const pass = { phase: 'decode', rows: 1, useful: 1, gone: 0, answers: true, ...written } as const;
  const running = { ...NONE, running: 1 };
  timeline.fold({ type: 'started', at: 0, batch: 1, ids: [1], refilled: 0 }, running);
  timeline.fold({ type: 'step', startedAt: 0, at: 100, ...pass }, running);
  const window = new SlotWindow(0, LONG_MS);
  window.add(timeline.take(1000));
  expect(window.shares(0, 1000, 1)).toMatchObject({ decode: 1, free: 0 });
  expect(window.shares(500, 1000, 1)).toBeNull();
  const settlement = { outcome: 'completed', finishReason: 'stop' } as const;
  timeline.fold({ type: 'settled', at: 1000, id: 1, settlement }, NONE);
  window.add(timeline.take(1001));
  expect(window.shares(0, 1000, 1)).toMatchObject({ decode: 0.1, free: 0.9 });
});
