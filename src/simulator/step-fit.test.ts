import { describe, expect, test, vi } from 'vitest';

// Some 100,000 requests are simulated.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

import { BLANK_CALIBRATION, type Calibration } from '../core/calibration';
import type { ServingEvent } from '../core/events';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { createRng } from '../traffic/rng';
import type { CostTerms } from './cost-terms';
import type { Noise } from './noise';
import { type SimulationPlan, simulate } from './simulate';
import { StepFit } from './step-fit';

/** A machine of known cost. */
const TRUTH: CostTerms = {
  decode_ms: [
    [1, 1],
    [2, 1.2],
    [4, 1.7],
    [8, 3],
  ],
  prefill_ms: 0.6,
  prefill_token_ms: 0.08,
  prefill_square_ms: 0.0015,
  attended_ms: 0.004,
  copy_ms: 0.05,
  sampled_ms: 0,
  lag_ms: 0.3,
  gap_ms: 0.1,
};
const MACHINE: Calibration = {
  ...BLANK_CALIBRATION,
  terms: { ...TRUTH, decode_ms: [...TRUTH.decode_ms.map(([rows, ms]): [number, number] => [rows, ms])] },
  engine: { ...BLANK_CALIBRATION.engine, passes_ahead: 0 },
  prompts: Array.from({ length: 40 }, (_, i) => [4 + ((i * 7) % 40), 4 + ((i * 5) % 23)]),
};

/** ±10 %, a few steps that the machine held up, and mean 1 but for those. */
function unrest(seed: number): Noise {
  const rng = createRng(seed);
  const next = () => (rng.uniform() < 0.01 ? 2 : 0.9 + 0.2 * rng.uniform());
  return { prefill: next, decode: next };
}

const plan = (
  calibration: Calibration,
  serving: Partial<ServingConfig>,
  load: Partial<LoadConfig>,
): SimulationPlan => ({
  calibration,
  serving: { ...DEFAULT_SERVING_CONFIG, ...serving },
  load: { ...DEFAULT_LOAD_CONFIG, ...load },
  slo: { p95Ms: null, ttftMs: null },
  requests: 8000,
  durationS: null,
});

/** What a ladder of settings teaches a fit about the machine. */
function learn(noise: (seed: number) => Noise) {
  const fit = new StepFit();
  const runs: [Partial<ServingConfig>, Partial<LoadConfig>][] = [
    [{ policy: 'sequential' }, { arrival: 'poisson', rate: 20 }],
    [
      { policy: 'continuous', maxBatch: 8 },
      { arrival: 'closed', concurrency: 8 },
    ],
    [
      { policy: 'continuous', maxBatch: 8 },
      { arrival: 'poisson', rate: 60 },
    ],
    [
      { policy: 'static', maxBatch: 4 },
      { arrival: 'closed', concurrency: 6 },
    ],
  ];
  runs.forEach(([serving, load], i) => {
    const events: ServingEvent[] = [];
    const told = { noise: noise(i), onEvent: (event: ServingEvent) => void events.push(event) };
    simulate({ ...plan(MACHINE, serving, load), requests: 600, ...told });
    for (const event of events) fit.fold(event);
    // Each run has a clock of its own.
    fit.fold({ type: 'status', at: 0, status: 'lost', reason: null });
  });
  const fitted = fit.fit();
  if (!fitted) throw new Error('There were too few steps.');
  return fitted;
}

const near = (value: number, truth: number, share: number) =>
  expect(Math.abs(value - truth), `${value} for ${truth}`).toBeLessThanOrEqual(share * truth);

describe('on a machine of known cost', () => {
  test('the terms come back exactly without noise', () => {
    const { terms } = learn(() => ({ prefill: () => 1, decode: () => 1 }));
    // The pause before a step is part of what it lasts here.
    for (const [rows, ms] of TRUTH.decode_ms)
      near(terms.decode_ms.find(([at]) => at === rows)?.[1] ?? 0, ms + TRUTH.gap_ms, 0.002);
    near(terms.prefill_token_ms, TRUTH.prefill_token_ms, 0.002);
    near(terms.attended_ms, TRUTH.attended_ms, 0.002);
  });

  const fitted = learn(unrest);

  test('what a step costs comes back within 2 % in spite of noise and of steps held up', () => {
    const { terms } = fitted;
    for (const tokens of [8, 20, 40]) {
      const of = (from: CostTerms) =>
        from.prefill_ms + from.gap_ms + tokens * from.prefill_token_ms + tokens ** 2 * from.prefill_square_ms;
      near(of(terms), of(TRUTH), 0.02);
    }
    for (const [rows, ms] of TRUTH.decode_ms) {
      const decode = (from: CostTerms, own: number) => own + from.gap_ms + 25 * rows * from.attended_ms;
      near(decode(terms, terms.decode_ms.find(([at]) => at === rows)?.[1] ?? 0), decode(TRUTH, ms), 0.02);
    }
    expect(terms.gap_ms).toBe(0);
  });

  test('figures are predicted within 1 %', () => {
    const twin: Calibration = {
      ...MACHINE,
      terms: { ...fitted.terms, decode_ms: fitted.terms.decode_ms.map(([rows, ms]) => [rows, ms]) },
      residuals: { prefill: [...fitted.residuals.prefill], decode: [...fitted.residuals.decode] },
    };
    for (const [policy, rate] of [
      ['continuous', 50],
      ['static', 30],
      ['sequential', 12],
    ] as const) {
      const cell = { policy, maxBatch: 8 };
      const load = { arrival: 'poisson', rate } as const;
      const measured = simulate({ ...plan(MACHINE, cell, load), noise: unrest(99) }).summary;
      const predicted = simulate(plan(twin, cell, load)).summary;
      near(predicted.throughput_rps ?? 0, measured.throughput_rps ?? 1, 0.01);
      near(predicted.latency_ms?.p50 ?? 0, measured.latency_ms?.p50 ?? 1, 0.01);
      near(predicted.latency_ms?.p95 ?? 0, measured.latency_ms?.p95 ?? 1, 0.01);
      near(predicted.ttft_ms?.p95 ?? 0, measured.ttft_ms?.p95 ?? 1, 0.01);
      near(predicted.tpot_ms?.p50 ?? 0, measured.tpot_ms?.p50 ?? 1, 0.01);
    }
  });

  test('more rows than it has seen, or longer prompts, are told', () => {
    const twin = { ...MACHINE, seen: fitted.seen };
    const far = simulate(
      plan(twin, { policy: 'continuous', maxBatch: 32 }, { arrival: 'closed', concurrency: 32 }),
    );
    expect(far.extrapolated).toEqual([
      expect.stringMatching(/^32 rows in a pass \(seen: 8\)/),
      expect.stringMatching(/prompt tokens in a pass/),
    ]);
    const near = simulate(
      plan(twin, { policy: 'continuous', maxBatch: 8 }, { arrival: 'closed', concurrency: 8 }),
    );
    expect(near.extrapolated).toEqual([]);
  });
});
