import { expect, test } from 'vitest';
import type { ExperimentRun } from '../core/experiment';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { comparisonWarning, whatDiffers } from './selection';

const turn = async () => {};
const point = simulatedPoint('b8', { serving: { maxBatch: 8 } });
const larger = simulatedPoint('b16', { serving: { maxBatch: 16 } });
const run = await simulatedRun(turn, []);
const elsewhere: ExperimentRun = {
  ...run,
  environment: { ...run.environment, adapter: { kind: 'wasm', name: 'WebAssembly', software: false } },
};

test('settings alone: what is compared, and no warning', () => {
  const differs = whatDiffers({ run, point }, { run, point: larger });
  expect(differs).toEqual({ settings: ['Max batch 8 requests against 16'], others: [] });
  expect(comparisonWarning(differs)).toBeNull();
});

test('the adapter alone is what is compared', () => {
  const differs = whatDiffers({ run, point }, { run: elsewhere, point });
  expect(differs).toEqual({ settings: [], others: ['adapter Simulation against WebAssembly'] });
  expect(comparisonWarning(differs)).toBeNull();
});

test('settings and something else: a warning that names all of it', () => {
  const other = { ...elsewhere, seed: 7 };
  const warning = comparisonWarning(whatDiffers({ run, point }, { run: other, point: larger }));
  expect(warning).toBe(
    'They differ in more than the settings, and all of it affects the figures: adapter Simulation against WebAssembly; seed 1 against 7.',
  );
});

test('two things beside equal settings: a warning', () => {
  const other = { ...elsewhere, environment: { ...elsewhere.environment, revision: 'r2' } };
  const warning = comparisonWarning(whatDiffers({ run, point }, { run: other, point }));
  expect(warning).toMatch(/more than one thing.*adapter.*revision test against r2/);
});
