import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import type { Trace } from '../core/trace';
import { TraceLoop } from './trace-loop';

const trace: Trace = {
  name: 't.csv',
  format: 'Vidur',
  unit: 's',
  unitReason: null,
  at: Float64Array.of(0, 250, 1000),
  promptTokens: Uint32Array.of(10, 20, 30),
  outputTokens: Uint32Array.of(1, 2, 3),
  failed: 0,
  unsorted: 0,
};
const config = { ...DEFAULT_LOAD_CONFIG, arrival: 'trace' as const };

function take(loop: TraceLoop, until: number) {
  const taken: (readonly [number, number | undefined])[] = [];
  for (;;) {
    const due = loop.takeDue(until);
    if (due === null) return taken;
    taken.push([due, loop.taken?.promptTokens]);
  }
}

test('plays a trace once, each request with its own lengths', () => {
  const loop = new TraceLoop(config, trace, false, 100);
  expect(take(loop, 400)).toEqual([
    [100, 10],
    [350, 20],
  ]);
  expect(loop.nextDue).toBe(1100);
  expect(take(loop, 1e6)).toEqual([[1100, 30]]);
  expect(loop.nextDue).toBe(Number.POSITIVE_INFINITY);
});

test('or again and again, a mean gap after its last', () => {
  const loop = new TraceLoop(config, trace, true, 0);
  expect(take(loop, 3000).map(([due]) => due)).toEqual([0, 250, 1000, 1500, 1750, 2500, 3000]);
});

test('one of no length at all comes once a second', () => {
  const burst = { ...trace, at: Float64Array.of(0, 0, 0) };
  expect(take(new TraceLoop(config, burst, true, 0), 2000)).toHaveLength(9);
});

test('begins anew when the way it is played changes, and only then; without a trace nothing comes', () => {
  const loop = new TraceLoop(config, trace, false, 0);
  take(loop, 300);
  loop.change({ ...config, concurrency: 3 }, 300);
  expect(loop.nextDue).toBe(1000);
  loop.change({ ...config, timeScale: 2 }, 300);
  expect(take(loop, 5000).map(([due]) => due)).toEqual([300, 800, 2300]);
  expect(new TraceLoop(config, null, true, 0).nextDue).toBe(Number.POSITIVE_INFINITY);
});
