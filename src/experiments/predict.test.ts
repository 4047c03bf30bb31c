import { expect, test } from 'vitest';
import { BLANK_CALIBRATION, type Calibration, readCalibration } from '../core/calibration';
import type { BenchOptions } from '../core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { plotsOf } from './plots/plots-of';
import { calibrationLadder, cellKey, errorOf, medianErrors, predictBench, spreadOfRepeats } from './predict';
import { errorsOfRun, predictedRun, twinOfRun, withPredicted } from './predicted-run';
import { readRunFile } from './run-file';

const calibration: Calibration = {
  ...BLANK_CALIBRATION,
  adapter: { kind: 'wasm', name: 'WebAssembly', software: false },
  terms: {
    ...BLANK_CALIBRATION.terms,
    decode_ms: [
      [1, 2],
      [8, 4],
    ],
    prefill_ms: 1,
  },
  seen: { rows: 8, prompt_tokens: 100, attended: 100 },
  prompts: [
    [6, 5],
    [9, 12],
    [12, null],
  ],
};

const options = (changes: Partial<BenchOptions> = {}): BenchOptions => ({
  serving: { ...DEFAULT_SERVING_CONFIG, policy: 'continuous' },
  load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate: 40 },
  slo: { p95Ms: 200, ttftMs: null },
  requests: 200,
  durationS: null,
  repeats: 3,
  ...changes,
});

test('a prediction is a bench result of a simulated adapter, and the same each time', async () => {
  const { result, extrapolated, requests } = await predictBench(options(), calibration);
  expect(result.summary).toMatchObject({
    requests: 200,
    ok: 200,
    repeats: 3,
    adapter: { kind: 'simulated', name: 'twin of WebAssembly' },
  });
  expect(extrapolated).toEqual([]);
  expect(requests).toBe(600);
  const again = await predictBench(options(), calibration);
  expect(again.result.summary).toEqual(result.summary);
});

test('what no step has shown is told', async () => {
  const wide = options({ serving: { ...DEFAULT_SERVING_CONFIG, maxBatch: 16 } });
  const load = { ...DEFAULT_LOAD_CONFIG, concurrency: 16 };
  const { extrapolated } = await predictBench({ ...wide, load }, calibration);
  expect(extrapolated).toEqual(['16 rows in a pass (seen: 8)']);
});

test('errors are predicted over measured, and their medians absolute', async () => {
  const { result } = await predictBench(options(), calibration);
  const { summary } = result;
  const slower = { ...summary, throughput_rps: (summary.throughput_rps ?? 0) * 2, tpot_ms: null };
  expect(errorOf(summary, slower)).toMatchObject({ throughput_rps: -0.5, latency_p95: 0, tpot_p50: null });
  const errors = [errorOf(summary, slower), errorOf(summary, summary)];
  expect(medianErrors(errors)).toMatchObject({ throughput_rps: 0.25, tpot_p50: 0 });
  const [low, high] = spreadOfRepeats(result).latency_p95 ?? [0, 0];
  expect(low).toBeLessThan(high);
});

test('cells that differ only in what their policy or their arrivals ignore are one', () => {
  const key = (serving: object, load: object) =>
    cellKey({ ...DEFAULT_SERVING_CONFIG, ...serving }, { ...DEFAULT_LOAD_CONFIG, ...load });
  expect(key({ policy: 'sequential', maxBatch: 1 }, {})).toBe(key({ policy: 'sequential', maxBatch: 8 }, {}));
  expect(key({ policy: 'continuous', maxWaitMs: 1 }, {})).toBe(
    key({ policy: 'continuous', maxWaitMs: 9 }, {}),
  );
  expect(key({ policy: 'static', maxWaitMs: 1 }, {})).not.toBe(key({ policy: 'static', maxWaitMs: 9 }, {}));
  expect(key({}, { arrival: 'closed', rate: 1 })).toBe(key({}, { arrival: 'closed', rate: 2 }));
  expect(key({}, { arrival: 'poisson', rate: 1 })).not.toBe(key({}, { arrival: 'poisson', rate: 2 }));
});

test('a ladder shows one row, all rows, and padded batches, in the time that it is given', () => {
  const rungs = calibrationLadder({ ...DEFAULT_SERVING_CONFIG, maxBatch: 6 }, { outputTokens: 16 }, 5);
  expect(rungs.map(({ serving: { policy, maxBatch } }) => [policy, maxBatch])).toEqual([
    ['continuous', 1],
    ['continuous', 2],
    ['continuous', 4],
    ['continuous', 6],
    ['static', 6],
  ]);
  expect(rungs.reduce((sum, { durationS }) => sum + (durationS ?? 0), 0)).toBeCloseTo(5, 6);
});

test('predictions are read as an experiment, and a calibration as it was written', async () => {
  const cells = [10, 20].map((rate) =>
    options({ load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate } }),
  );
  const predictions = await Promise.all(cells.map((cell) => predictBench(cell, calibration)));
  const run = predictedRun(predictions, ['rate'], calibration, ['predict']);
  expect(run.points.map(({ id }) => id)).toEqual(['rate-10', 'rate-20']);
  expect(run.units).toHaveLength(6);
  expect((await readRunFile(new File([JSON.stringify(run)], 'run.json'))).points).toHaveLength(2);
  expect(readCalibration(JSON.parse(JSON.stringify(calibration)), 'c.json')).toEqual(calibration);
  expect(() => readCalibration({ format: 'x' }, 'c.json')).toThrow(/"c.json" is not a calibration/);
});

test('a run against its twin: the same points and seeds, an error for each, and lines in the plots', async () => {
  const cells = [4, 8].map((maxBatch) => options({ serving: { ...DEFAULT_SERVING_CONFIG, maxBatch } }));
  const predictions = await Promise.all(cells.map((cell) => predictBench(cell, calibration)));
  const run = predictedRun(predictions, ['maxBatch'], calibration);
  const twin = await twinOfRun(run, calibration);
  expect(twin.units.map(({ point, repeat }) => [point, repeat])).toEqual(
    run.units.map(({ point, repeat }) => [point, repeat]),
  );
  expect(errorsOfRun(run, twin).map(({ error }) => error.latency_p95)).toEqual([0, 0]);
  const [plot] = withPredicted(plotsOf(run), plotsOf(twin));
  const labels = plot?.kind === 'xy' ? plot.series.map(({ label }) => label) : [];
  expect(labels.some((label) => label.endsWith(', predicted'))).toBe(true);
});
