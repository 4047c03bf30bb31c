import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import type { Trace } from '../core/trace';
import { VirtualClock } from '../simulator/virtual-clock';
import { LoadGenerator, type LoadLimit } from './load-generator';
import { RequestSource } from './request-source';
import { createRng } from './rng';

const SERVICE_MS = 20;
const workload = { prompts: [[1, 2, 3]], contextLength: 32 };

/** Twelve requests in 1.1 s. */
const TRACE: Trace = {
  name: 'made.csv',
  format: 'Vidur',
  unit: 's' as const,
  unitReason: null,
  failed: 0,
  unsorted: 0,
  at: Float64Array.from({ length: 12 }, (_, i) => i * 100),
  promptTokens: new Uint32Array(12).fill(3),
  outputTokens: new Uint32Array(12).fill(4),
};

function play(changes: Partial<LoadConfig>, limit: LoadLimit = 'none') {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const config = { ...DEFAULT_LOAD_CONFIG, ...changes };
  const rng = createRng(config.seed);
  const source = new RequestSource(workload, rng);
  const sent: { readonly scheduled: number; readonly sent: number }[] = [];
  let ids = 0;
  const generator: LoadGenerator = new LoadGenerator({
    clock,
    config,
    trace: TRACE,
    rng,
    limit,
    next: (lengths) => source.next(++ids, config, lengths),
    send: ({ request, scheduled, sent: at }) => {
      sent.push({ scheduled, sent: at });
      void clock.sleep(SERVICE_MS).then(() => generator.settled(request.id, 'completed', clock.now()));
    },
    abandon: () => {},
  });
  return { clock, generator, sent, config };
}

const OPEN: Readonly<Record<string, Partial<LoadConfig>>> = {
  constant: { arrival: 'constant', rate: 40 },
  poisson: { arrival: 'poisson', rate: 40 },
  ramp: { arrival: 'ramp', rate: 80, rampFromRate: 10, rampS: 3 },
  spike: { arrival: 'spike', rate: 20, spikeFactor: 5, spikeStartS: 0.5, spikeDurationS: 1, spikeEveryS: 2 },
  trace: { arrival: 'trace' },
};

for (const [name, changes] of Object.entries(OPEN)) {
  test(`${name}: arrivals go on after a pause as if it had not been, that much later`, async () => {
    const whole = play(changes);
    await whole.clock.advance(4000);
    const paused = play(changes);
    await paused.clock.advance(1000);
    paused.generator.pause();
    const before = paused.sent.length;
    expect(paused.generator.paused).toBe(true);
    await paused.clock.advance(5000);
    expect(paused.sent).toHaveLength(before);
    expect(paused.generator.inFlight).toBe(0);
    paused.generator.resume();
    await paused.clock.advance(3000);
    expect(before).toBeGreaterThan(5);
    expect(paused.sent.length).toBeGreaterThan(before + 10);
    expect(paused.sent.map(({ scheduled }, i) => scheduled - (i < before ? 0 : 5000))).toEqual(
      whole.sent.map(({ scheduled }) => scheduled),
    );
    // None was kept back to be sent at once.
    expect(paused.sent.every(({ scheduled, sent }) => sent === scheduled)).toBe(true);
  });
}

test('closed: clients hold still, and send again one after another', async () => {
  const run = play({ concurrency: 10 });
  await run.clock.advance(1000);
  run.generator.pause();
  const before = run.sent.length;
  await run.clock.advance(5000);
  expect(run.sent).toHaveLength(before);
  expect(run.generator.inFlight).toBe(0);
  run.generator.resume();
  await run.clock.advance(19);
  expect(run.sent.slice(before).map(({ sent }) => sent - 6000)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  await run.clock.advance(1000);
  expect(run.generator.inFlight).toBe(10);
});

test('closed: who thinks, thinks on after the pause', async () => {
  const run = play({ concurrency: 1, thinkTimeMs: 1000 });
  await run.clock.advance(520);
  expect(run.sent.map(({ sent }) => sent)).toEqual([0]);
  run.generator.pause();
  await run.clock.advance(10_000);
  run.generator.resume();
  await run.clock.advance(2000);
  // Answered at 20, it had thought for 500 of 1000 ms.
  expect(run.sent.map(({ sent }) => sent)).toEqual([0, 11_020, 12_040]);
});

test('a change in a pause holds from its end on; nothing is sent before', async () => {
  const run = play({ concurrency: 2 });
  await run.clock.advance(100);
  run.generator.pause();
  const before = run.sent.length;
  run.generator.change({ ...run.config, arrival: 'constant', rate: 100 }, null);
  await run.clock.advance(1000);
  run.generator.change({ ...run.config, concurrency: 6 }, null);
  await run.clock.advance(1000);
  expect(run.sent).toHaveLength(before);
  run.generator.resume();
  await run.clock.advance(500);
  expect(run.generator.inFlight).toBe(6);
});

test('a pause counts neither as time of a limited load nor as its end, and a stop ends it', async () => {
  const run = play({ arrival: 'constant', rate: 10 }, { durationMs: 2000 });
  await run.clock.advance(1000);
  run.generator.pause();
  run.generator.pause();
  await run.clock.advance(60_000);
  run.generator.resume();
  run.generator.resume();
  await run.clock.run();
  expect(run.sent).toHaveLength(19);
  expect(run.sent.at(-1)?.scheduled).toBeCloseTo(61_900);
  await run.generator.done;

  const stopped = play({ concurrency: 3 });
  await stopped.clock.advance(50);
  stopped.generator.pause();
  stopped.generator.stop();
  stopped.generator.resume();
  await stopped.clock.run();
  await stopped.generator.done;
  expect(stopped.generator.paused).toBe(false);
});
