import { expect, test } from 'vitest';
import { simulatedPage } from '../../testing/simulated-page';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { aboutWords, durationOf, LONGEST_MS, measurePace, type Pace, scaledDown, tooLong } from './estimate';
import { beginRun, type Experiment } from './experiment';
import { presetOf } from './presets';
import { ExperimentRunner } from './runner';

/** Of a model of 135 million parameters with WebAssembly: 1 s for a prompt, 120 ms a step. */
const SLOW: Pace = {
  decodeMs: [
    [1, 120],
    [8, 400],
  ],
  promptMs: 1000,
  eosTokens: 64,
};

const paceHere = () =>
  measurePace(
    (run) => simulatedPage().measure(run, () => {}),
    { ...DEFAULT_SERVING_CONFIG, maxBatch: 8 },
    128,
  );

async function measuredMs(experiment: Experiment): Promise<number> {
  const environment = {
    adapter: { kind: 'simulated', name: 'Simulation', software: false },
    model: { name: 'mini-gpt', sha256: 'abc' },
    revision: 'r1',
    browser: 'Node',
    libraries: {},
    arguments: [],
  } as const;
  const page = simulatedPage();
  const begun = beginRun(experiment, environment, { id: 'run', now: page.now() });
  const run = await new ExperimentRunner(experiment, begun, {
    ...page,
    keep: async () => {},
    onProgress: () => {},
  }).go();
  return Date.parse(run.finished_at ?? '') - Date.parse(run.started_at);
}

test('the pace is what the model costs: 2 ms a pass and 0.25 ms a row', async () => {
  const { decodeMs, promptMs } = await paceHere();
  expect(decodeMs).toEqual([
    [1, expect.closeTo(2.25, 1)],
    [8, expect.closeTo(4, 0)],
  ]);
  expect(promptMs).toBeGreaterThan(2);
  expect(promptMs).toBeLessThan(6);
});

test.each(['lab-02', 'static-vs-continuous', 'abandonment'])(
  'the estimate of %s is right within a factor of two',
  async (name) => {
    const experiment = { ...presetOf(name), repeats: 1 };
    const ratio = durationOf(experiment, await paceHere()) / (await measuredMs(experiment));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  },
);

test('an experiment that would take longer than an hour is refused with what would fit', () => {
  const lab = presetOf('lab-02');
  expect(durationOf(lab, SLOW)).toBeGreaterThan(LONGEST_MS);
  const smaller = scaledDown(lab, SLOW, LONGEST_MS);
  if (!smaller) throw new Error('Nothing fits.');
  expect(durationOf(lab, SLOW, smaller)).toBeLessThanOrEqual(LONGEST_MS);
  expect(tooLong(lab, SLOW, {})).toMatch(
    /^"Batch size and wait, under a crowd" takes about \d+ h with this model on this machine; .*\(--long\)\. With \d repeats of \d+ requests it takes about \d+ min \(--repeats \d --requests \d+\)\.$/,
  );
  expect(tooLong(lab, SLOW, smaller)).toBeNull();
});

test('nothing fits where one point alone takes too long', () => {
  const glacial = { ...SLOW, promptMs: 600_000 };
  expect(scaledDown(presetOf('lab-02'), glacial, LONGEST_MS)).toBeNull();
  expect(tooLong(presetOf('lab-02'), glacial, {})).toContain('Even a few requests');
});

test('a search is taken at its usual number of points', () => {
  const search = presetOf('rate-sweep');
  expect(durationOf(search, SLOW)).toBeCloseTo(9 * durationOf({ ...search, typicalPoints: 1 }, SLOW), 6);
});

test('durations are said in words', () => {
  expect([1500, 100_000, 7_200_000].map(aboutWords)).toEqual(['2 s', '2 min', '2 h']);
});
