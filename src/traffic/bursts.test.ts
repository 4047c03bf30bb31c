import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { VirtualClock } from '../simulator/virtual-clock';
import { Bursts } from './bursts';
import type { Submission } from './load-generator';
import { RequestSource } from './request-source';
import { createRng } from './rng';

const workload = {
  prompts: Array.from({ length: 20 }, (_, i) => Array.from({ length: 3 + i }, () => i + 1)),
  contextLength: 32,
};
const SAMPLED: LoadConfig = { ...DEFAULT_LOAD_CONFIG, temperature: 1, outputTokens: '2:9' };

function bursts() {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const sent: Submission[] = [];
  const abandoned: number[] = [];
  let ids = 0;
  const all = new Bursts({
    clock,
    nextId: () => ++ids,
    send: (submission) => sent.push(submission),
    abandon: (id) => abandoned.push(id),
  });
  return { clock, all, sent, abandoned };
}

const shapes = (sent: readonly Submission[]) => sent.map(({ request: { id: _, ...shape } }) => shape);

test('all are sent at once, shaped as the load says, and none as the load’s own', async () => {
  const { clock, all, sent } = bursts();
  await clock.advance(500);
  all.send(50, SAMPLED, workload, null);
  expect(sent).toHaveLength(50);
  expect(sent.every((one) => one.scheduled === 500 && one.sent === 500)).toBe(true);
  expect(sent.every(({ request: r }) => r.ignoreEos && r.maxNewTokens >= 2 && r.maxNewTokens <= 9)).toBe(
    true,
  );
  const source = new RequestSource(workload, createRng(SAMPLED.seed));
  const own = Array.from({ length: 50 }, (_, id) => source.next(id, SAMPLED).sampling?.seed);
  const seeds = sent.map(({ request }) => request.sampling?.seed);
  expect(new Set([...seeds, ...own]).size).toBe(100);
});

test('the n-th of a load is the n-th whenever the load is started', () => {
  const { all, sent } = bursts();
  all.send(20, SAMPLED, workload, null);
  all.send(20, SAMPLED, workload, null);
  all.loadStarted();
  all.send(20, SAMPLED, workload, null);
  const [first, second, again] = [0, 20, 40].map((from) => shapes(sent.slice(from, from + 20)));
  expect(again).toEqual(first);
  expect(second).not.toEqual(first);
});

test('takes its lengths from a trace that is played, again and again', () => {
  const { all, sent } = bursts();
  const trace = {
    name: 'made.csv',
    format: 'Vidur',
    unit: 's' as const,
    unitReason: null,
    failed: 0,
    unsorted: 0,
    at: Float64Array.of(0, 1000),
    promptTokens: Uint32Array.of(5, 7),
    outputTokens: Uint32Array.of(2, 4),
  };
  all.send(3, { ...SAMPLED, arrival: 'trace' }, workload, trace);
  expect(sent.map(({ request: r }) => [r.prompt.length, r.maxNewTokens])).toEqual([
    [5, 2],
    [7, 4],
    [5, 2],
  ]);
  all.send(1, { ...SAMPLED, arrival: 'trace' }, workload, null);
  expect(sent).toHaveLength(4);
});

test('its clients lose patience as the load’s do', async () => {
  const { clock, all, sent, abandoned } = bursts();
  all.send(100, { ...SAMPLED, abandonShare: 0.5, abandonAfterMs: 40 }, workload, null);
  for (const { request } of sent.slice(0, 50)) all.settled(request.id);
  await clock.advance(39);
  expect(abandoned).toEqual([]);
  await clock.advance(1);
  expect(abandoned.length).toBeGreaterThan(10);
  expect(abandoned.length).toBeLessThan(40);
  expect(abandoned.every((id) => id > 50)).toBe(true);
});

test('a count that is not allowed is named, and nothing is sent', () => {
  const { all, sent } = bursts();
  for (const count of [0, -1, 2.5, 10_001, Number.NaN]) {
    expect(() => all.send(count, SAMPLED, workload, null)).toThrow(
      `must be a whole number from 1 to 10000; given: ${count}.`,
    );
  }
  expect(sent).toEqual([]);
});
