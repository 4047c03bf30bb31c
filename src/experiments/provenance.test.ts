import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { smallPrint } from './provenance';

const turn = async () => {};
const run = await simulatedRun(turn, []);

test('names what computed, the load and the code', () => {
  const points = [1, 8].map((maxBatch) => simulatedPoint(`b${maxBatch}`, { serving: { maxBatch } }));
  expect(smallPrint({ ...run, points })).toEqual([
    'simulated (00000000) on simulated: Simulation · none',
    'closed loop of 8 clients · answers of 8 tokens · 2 repeats of 50 requests · seed 1',
    'Headway, revision test · grid, started 2026-01-02 03:04 UTC',
  ]);
});

test('says of the load only what all points have in common', () => {
  const points = [5, 20].map((rate) =>
    simulatedPoint(`r${rate}`, { load: { arrival: 'poisson', rate }, requests: null, durationS: rate }),
  );
  expect(smallPrint({ ...run, points, repeats: 1 })[1]).toBe(
    'poisson arrivals · answers of 8 tokens · once · seed 1',
  );
});

test('a software adapter and an unfinished run are called so', () => {
  const adapter = { kind: 'webgpu', name: 'SwiftShader', software: true } as const;
  const lines = smallPrint({
    ...run,
    environment: { ...run.environment, adapter },
    status: { kind: 'cancelled' },
  });
  expect(lines[0]).toContain('SwiftShader (software)');
  expect(lines[2]).toMatch(/UTC, interrupted, 0 of 0$/);
});
